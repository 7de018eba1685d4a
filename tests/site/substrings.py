"""What the search must find, written a second time and otherwise: a record matches where its folded
title or text contains the folded operand, words and numbers whole. Python's own Unicode tables, no
tokens, no index.
"""
import re
import unicodedata

HAN = ("\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
       "\U00020000-\U0002fa1f\U00030000-\U0003347f")
IS_HAN = re.compile(f"[{HAN}]")
LOSES_ACCENTS = re.compile("[A-Za-z\u00aa-\u024f\u0370-\u052f\u1e00-\u1fff]")
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
                       "\U000e0100-\U000e01ef]")  # marks and letters, and still ignored
BLANKS = " \r\x0b\x0c\x85\u1680\u2028\u2029"
GROUP = re.compile(r",[0-9]{3}(?![0-9])")


def is_word(character):
    """A letter or digit of a word that is found whole."""
    return (character != "" and unicodedata.category(character)[0] in "LN"
            and not IS_HAN.match(character))


def without_accents(text):
    out, base = [], ""
    for character in unicodedata.normalize("NFD", text):
        if "\u0300" <= character <= "\u036f":
            if base.isalpha() and LOSES_ACCENTS.match(base):
                continue
        else:
            base = character
        out.append(character)
    return unicodedata.normalize("NFC", "".join(out))


def without_separators(text):
    """1,234.56 is 1234.56; 12,34 stays."""
    out, i = [], 0
    while i < len(text):
        if text[i] not in "0123456789" or (i > 0 and is_word(text[i - 1])):
            out.append(text[i])
            i += 1
            continue
        end = i
        while end < len(text) and text[end] in "0123456789":
            end += 1
        out.append(text[i:end])
        if end - i <= 3:
            while GROUP.match(text, end):
                out.append(text[end + 1:end + 4])
                end += 4
        i = end
    return "".join(out)


def is_removed(character):
    category = unicodedata.category(character)
    return category in ("Co", "Cf") or (category == "Cc" and character not in "\n\t\r\x0b\x0c")


def without_blanks(text):
    """A blank counts between two words alone; the ends of blocks and cells always do."""
    text = re.sub(f"[{BLANKS}]*[\n\t][{BLANKS}\n\t]*", "\n", text)
    out, last = [], 0
    for blank in re.finditer(f"[{BLANKS}]+", text):
        out.append(text[last:blank.start()])
        before, after = text[blank.start() - 1:blank.start()], text[blank.end():blank.end() + 1]
        out.append(" " if is_word(before) and is_word(after) else "")
        last = blank.end()
    return "".join(out) + text[last:]


def fold(text):
    text = INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).casefold()
    text = without_accents(text).replace("○", "〇").replace("◯", "〇")
    text = "".join(character for character in text if not is_removed(character))
    return without_blanks(without_separators(text))


def contains(text, operand):
    """Both folded. Does the operand stand in the text, cutting no word in two?"""
    at = text.find(operand)
    while at >= 0:
        end = at + len(operand)
        is_cut = (is_word(operand[0]) and is_word(text[at - 1:at])) or (
            is_word(operand[-1]) and is_word(text[end:end + 1]))
        if not is_cut:
            return True
        at = text.find(operand, at + 1)
    return False
