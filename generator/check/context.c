#include "check/context.h"

#include <string.h>

enum {
    BEFORE_MAX = 96,
    URL_MAX = 400,
    HEADER_CELL_MAX = 120,
    LABEL_BYTES_MAX = 60,
    HASH_BYTES = 10
};

static const char *const raising[] = {"身份证",   "证件号",   "公民身份", "身份号码", "账号",
                                      "帐号",     "账户",     "帐户",     "卡号",     "银行卡",
                                      "一卡通",   "社保卡",   "存折",     "电话",     "手机",
                                      "联系方式", "移动电话", "电话号码", "微信",     "短号",
                                      "tel:",     "tel=",     "phone",    "mobile",   "Tel",
                                      "TEL",      "Phone",    "Mobile",   "id_card",  "idcard",
                                      "sms:",     "bank",     "identity", "ID card",  "sfz"};

/* What names one kind of code, so that no number of a person bears it. */
static const char *const lowering[] = {
    "信用代码",   "承包方编码", "承包方代码", "发包方编码", "发包方代码", "地块代码", "地块编码",
    "地块编号",   "宗地",       "不动产",     "合同编号",   "合同代码",   "合同号",   "项目编号",
    "项目代码",   "索引号",     "招标编号",   "经营权证",   "权证编码",   "权证编号", "权证号",
    "档号",       "地籍",       "文号",       "发票号码",   "发票代码",   "税号",     "uscc",
    "USCC",       "区划代码",   "机构代码",   "国标代码",   "交易编号",   "备案编号", "许可证号",
    "许可证编号", "营业执照",   "组织机构",   "纳税人识别"};

/* What anything may be called: it speaks against numbers that are known by their shape alone. */
static const char *const vague[] = {"编码",   "代码",  "编号",   "流水号", "凭证号",
                                    "订单号", "发票",  "序列号", "commit", "sha",
                                    "code",   "index", "金额",   "单号"};

enum { NEAR_BYTES = 30 };

#define COUNT(words) (sizeof(words) / sizeof(words)[0])

/* Where the last of `words` in `s` ends; 0 where there is none. `begin` gets where it begins. */
static size_t last_word(size_t *begin, struct str s, const char *const *words, size_t count)
{
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        struct str word = str_of(words[i]), rest = s;
        for (ptrdiff_t at; (at = str_find(rest, word)) >= 0;) {
            rest = str_from(rest, (size_t)at + word.n);
            size_t end = s.n - rest.n;
            *begin = end > last ? end - word.n : *begin;
            last = end > last ? end : last;
        }
    }
    return last;
}

/* A label belongs to a number that follows it at once: "合同编号见附件,户主..." labels nothing. */
static bool is_near(struct str gap)
{
    static const struct str breaks[] = {{"，", 3}, {"。", 3}, {"；", 3}, {"、", 3}, {",", 1}};
    if (gap.n > NEAR_BYTES) {
        return false;
    }
    struct str inside = str_trim(gap);
    for (size_t i = 0; i < COUNT(breaks); i++) {
        ptrdiff_t at = str_find(inside, breaks[i]);
        if (at >= 0 && inside.n > breaks[i].n + 1) {
            return false;
        }
    }
    return true;
}

static void weigh(struct context *out, struct str words, bool is_heading)
{
    size_t begin = 0, ignored;
    size_t up = last_word(&ignored, words, raising, COUNT(raising));
    size_t down = last_word(&ignored, words, lowering, COUNT(lowering));
    size_t unclear = last_word(&begin, words, vague, COUNT(vague));
    out->is_lowered = down > up && (is_heading || is_near(str_from(words, down)));
    bool is_unclear = unclear > up && !(up > 0 && begin == up); /* 身份证编号 is clear */
    out->is_vague =
        !out->is_lowered && is_unclear && (is_heading || is_near(str_from(words, unclear)));
    out->is_raised = up > 0 && !out->is_lowered && !out->is_vague;
}

static bool is_told(const struct context *context)
{
    return context->is_raised || context->is_lowered || context->is_vague;
}

/* A number of eight places and more, after which an earlier label may not hold: where it ends. */
static size_t end_of_number(struct str s)
{
    size_t digits = 0, end = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool is_digit = (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == 'X' || s.p[i] == 'x';
        digits = is_digit ? digits + 1 : 0;
        end = digits >= 8 ? i + 1 : end;
    }
    return end;
}

/* What stands before the number on its line and in its cell. */
static struct str text_before(struct str bytes, size_t start)
{
    size_t from = start;
    while (from > 0 && start - from < BEFORE_MAX && strchr("\n|\t<>;", bytes.p[from - 1]) == NULL) {
        from--;
    }
    return str_slice(bytes, from, start);
}

static size_t line_start(struct str bytes, size_t at)
{
    while (at > 0 && bytes.p[at - 1] != '\n') {
        at--;
    }
    return at;
}

static struct str line_at(struct str bytes, size_t start)
{
    struct str rest = str_from(bytes, start);
    ptrdiff_t end = str_find_char(rest, '\n');
    return end < 0 ? rest : str_slice(rest, 0, (size_t)end);
}

/* The first line of the lines with pipes that `line` is one of. */
static size_t table_start(struct context_table *table, struct str bytes, size_t line)
{
    size_t top = line;
    while (top > 0) {
        size_t above = line_start(bytes, top - 1);
        if (table->is_known && top <= table->line && top >= table->header) {
            top = table->header;
            break;
        }
        if (str_find_char(line_at(bytes, above), '|') < 0) {
            break;
        }
        top = above;
    }
    *table = (struct context_table){line, top, true};
    return top;
}

/* How many separators stand in `s`, those in quotes and behind a backslash aside. */
static size_t count_separators(struct str s, char separator)
{
    size_t count = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        is_quoted ^= separator == ',' && s.p[i] == '"';
        count += s.p[i] == separator && !is_quoted && (i == 0 || s.p[i - 1] != '\\');
    }
    return count;
}

static struct str cell_of(struct str row, size_t column, char separator)
{
    size_t from = 0, to = 0;
    bool is_quoted = false;
    for (; to < row.n; to++) {
        is_quoted ^= separator == ',' && row.p[to] == '"';
        if (row.p[to] != separator || is_quoted || (to > 0 && row.p[to - 1] == '\\')) {
            continue;
        }
        if (column == 0) {
            break;
        }
        column--;
        from = to + 1;
    }
    return column > 0
               ? STR("")
               : str_slice(row, from, to > from + HEADER_CELL_MAX ? from + HEADER_CELL_MAX : to);
}

static struct str heading_of(struct context_table *table, struct str bytes, size_t start,
                             enum personal_form form)
{
    size_t line = line_start(bytes, start);
    struct str before = str_slice(bytes, line, start);
    if (form == PERSONAL_FORM_CSV) {
        size_t column = count_separators(before, ',');
        return line == 0 ? STR("") : cell_of(line_at(bytes, 0), column, ',');
    }
    struct str row = line_at(bytes, line);
    size_t column = count_separators(before, '|');
    if (str_find_char(row, '|') < 0) {
        return STR("");
    }
    size_t top = table_start(table, bytes, line);
    struct str header = line_at(bytes, top);
    /* The first pipe of a row may be left out. */
    bool is_open = str_starts(str_trim(row), STR("|"));
    if (is_open != str_starts(str_trim(header), STR("|"))) {
        column += is_open ? (size_t)-1 : 1;
    }
    return top == line ? STR("") : cell_of(header, column, '|');
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_amount(struct str before, struct str after)
{
    static const struct str signs[] = {{"¥", 2}, {"￥", 3}, {"$", 1}};
    static const struct str units[] = {{"元", 3}, {"万", 3}, {"亿", 3},   {"亩", 3},   {"平方", 6},
                                       {"㎡", 3}, {"%", 1},  {"公斤", 6}, {"千瓦", 6}, {"立方", 6}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (str_ends(str_trim(before), signs[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (str_starts(after, units[i])) {
            return true;
        }
    }
    bool is_fraction = before.n > 1 && before.p[before.n - 1] == '.' &&
                       before.p[before.n - 2] >= '0' && before.p[before.n - 2] <= '9';
    size_t places = 0;
    while (after.n > places + 1 && after.p[places + 1] >= '0' && after.p[places + 1] <= '9') {
        places++;
    }
    return is_fraction || (str_starts(after, STR(".")) && (places == 1 || places == 2));
}

static bool is_in_url(struct str bytes, size_t start)
{
    size_t from = start;
    while (from > 0 && start - from < URL_MAX && (unsigned char)bytes.p[from - 1] > ' ' &&
           strchr("()<>\"'[]", bytes.p[from - 1]) == NULL) {
        from--;
    }
    struct str word = str_slice(bytes, from, start);
    return str_find(word, STR("http://")) >= 0 || str_find(word, STR("https://")) >= 0;
}

static bool is_word_byte(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* Git's names, digests: letters stand between the digits of such a word, not only before them. */
static bool is_in_hash(struct str bytes, size_t start, size_t end)
{
    size_t from = start, to = end;
    while (from > 0 && start - from < HASH_BYTES && is_word_byte(bytes.p[from - 1])) {
        from--;
    }
    while (to < bytes.n && to - end < HASH_BYTES && is_word_byte(bytes.p[to])) {
        to++;
    }
    return (start - from) + (to - end) >= HASH_BYTES;
}

/* A row of two cells, or a line of its own: the label is in the cell or on the line before. */
static struct str label_beside(struct str bytes, size_t start)
{
    size_t at = start;
    while (at > 0 && start - at < BEFORE_MAX &&
           strchr(" \t\"'|,*`_-+:\n", bytes.p[at - 1]) != NULL) {
        at--;
    }
    struct str between = str_slice(bytes, at, start);
    if (between.n == 0 || str_find(between, STR("\n\n")) >= 0) {
        return STR("");
    }
    size_t from = at;
    while (from > 0 && at - from < LABEL_BYTES_MAX && strchr("\n|\t,", bytes.p[from - 1]) == NULL) {
        from--;
    }
    struct str label = str_slice(bytes, from, at);
    label = str_ends(label, STR("：")) ? str_slice(label, 0, label.n - 3) : label;
    size_t ignored;
    return last_word(&ignored, label, lowering, COUNT(lowering)) == label.n ? label : STR("");
}

void context_read(struct context *out, struct context_table *table, struct str bytes, size_t start,
                  size_t end, enum personal_form form)
{
    *out = (struct context){0};
    struct str before = text_before(bytes, start);
    size_t number = end_of_number(before);
    struct str near = str_from(before, number);
    weigh(out, near, false);
    if (!is_told(out) && number > 0 && near.n <= 12) {
        weigh(out, str_slice(before, 0, number), true);
        out->is_inherited = out->is_lowered;
    }
    if (!is_told(out)) {
        weigh(out, heading_of(table, bytes, start, form), true);
        out->is_inherited = false;
    }
    if (!is_told(out)) {
        weigh(out, label_beside(bytes, start), true);
    }
    out->is_amount = is_amount(before, str_slice(bytes, end, end + 16));
    out->is_in_word =
        (start > 0 && is_letter(bytes.p[start - 1])) || (end < bytes.n && is_letter(bytes.p[end]));
    out->is_in_hash = out->is_in_word && is_in_hash(bytes, start, end);
    out->is_in_url = is_in_url(bytes, start);
}
