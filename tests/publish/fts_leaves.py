"""Reads the full-text index leaf by leaf, from its description alone: every word that any leaf of
any segment holds, whether FTS5 would still find it or not.

Words are stored without what they share with the word before, so that looking for a word's bytes in
the file proves nothing.
"""


def varint(data, at):
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    raise AssertionError


def leaf_words(block):
    """The words that begin on the leaf, whole, each with the index's own first byte."""
    footer = int.from_bytes(block[2:4], "big")
    at, place, word, words = footer, 0, b"", []
    while at < len(block):
        step, at = varint(block, at)
        place += step
        shared, p = (0, place) if not words else varint(block, place)
        n, p = varint(block, p)
        word = word[:shared] + block[p:p + n]
        assert p + n <= footer, "a word goes over the leaf's end"
        words.append(word)
    return words


def decode_number(row):
    """Of a row of search_data: segment, is it a tree's, height, leaf."""
    return row >> 37, row >> 36 & 1, row >> 31 & 31, row & (1 << 31) - 1


def all_words(database):
    """Every word of every leaf there is, and every string of search_idx."""
    words = set()
    for row, block in database.execute("SELECT id, block FROM search_data WHERE id > 10"):
        _, is_tree, _, _ = decode_number(row)
        if not is_tree:
            words.update(leaf_words(block))
    for (divider,) in database.execute("SELECT term FROM search_idx"):
        words.add(bytes(divider))
    return {word[1:] for word in words if word}
