#include "check/context.h"

#include "base/utf8.h"

#include <string.h>

enum {
    BEFORE_MAX = 96,
    URL_MAX = 400,
    HEADER_CELL_MAX = 120,
    LABEL_BYTES_MAX = 60,
    HASH_BYTES = 10
};

static const char *const raising[] = {"身份证", "证件号", "公民身份", "身份号码", "账号",
                                      "帐号",   "账户",   "帐户",     "卡号",     "银行卡",
                                      "一卡通", "社保卡", "存折",     "id_card",  "idcard",
                                      "bank",   "sfz",    "identity", "ID card"};

static const char *const phones[] = {
    "电话",  "手机",   "联系方式", "微信", "短号", "tel", "Tel", "TEL",    "sms",    "phone",
    "Phone", "mobile", "Mobile",   "wx",   "WX",   "vx",  "VX",  "weixin", "wechat", "WeChat"};

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

/* Behind a label these tell whose it is: "宗地使用权人:", a column "不动产权利人". */
static const char *const people[] = {"人",   "户主", "农户", "员",   "者",   "姓名", "联系",
                                     "负责", "法定", "书记", "主任", "会计", "先生", "女士",
                                     "同志", "代表", "业主", "村民", "社员"};

/* How a label goes on before its number: "不动产单元号为", "信用代码(18位)". */
static const char *const fillers[] = {
    "人民币", "号", "码", "编", "代", "为", "是", "系", "第", "证", "书", "单", "元", "的", "位",
    "数",     "字", "如", "下", "分", "别", "即", "以", "及", "和", "与", "年", "等", "各", "统",
    "一",     "注", "册", "登", "记", "明", "权", "属", "簿", "图", "调", "查", "表", "区", "子",
    "宗",     "地", "块", "产", "合", "计", "总", "共", "约", "达", "小", "写", "全", "新", "旧"};

enum { NEAR_BYTES = 30, ON_BYTES = 18 };

#define COUNT(words) (sizeof(words) / sizeof(words)[0])

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "sha" is no word of "lishan", nor "tel" of "hotel". */
static bool is_whole(struct str s, size_t begin, size_t end)
{
    bool goes_before = begin > 0 && is_letter(s.p[begin - 1]) && is_letter(s.p[begin]);
    bool goes_behind = end < s.n && is_letter(s.p[end]) && is_letter(s.p[end - 1]);
    return !goes_before && !goes_behind;
}

/* Where the last of `words` in `s` ends; 0 where there is none. `begin` gets where it begins. */
static size_t last_word(size_t *begin, struct str s, const char *const *words, size_t count)
{
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        struct str word = str_of(words[i]), rest = s;
        for (ptrdiff_t at; (at = str_find(rest, word)) >= 0;) {
            rest = str_from(rest, (size_t)at + word.n);
            size_t end = s.n - rest.n;
            if (end > last && is_whole(s, end - word.n, end)) {
                *begin = end - word.n;
                last = end;
            }
        }
    }
    return last;
}

/* How long the word of `words` is that `s` begins with; 0 for none. */
static size_t first_word(struct str s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts(s, str_of(words[i]))) {
            return strlen(words[i]);
        }
    }
    return 0;
}

static bool is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x3ffff);
}

static bool ends_in_colon(struct str gap)
{
    struct str text = str_trim(gap);
    return str_ends(text, STR(":")) || str_ends(text, STR("："));
}

/* Behind the bracket that `s` begins with; 0 where there is none, or it is not closed. */
static size_t bracket_end(struct str s)
{
    bool is_wide = str_starts(s, STR("（"));
    if (!is_wide && !str_starts(s, STR("("))) {
        return 0;
    }
    struct str close = is_wide ? STR("）") : STR(")");
    ptrdiff_t at = str_find(s, close);
    return at < 0 ? 0 : (size_t)at + close.n;
}

/*
 * Is the gap between a label and its number the rest of the label? A name is none: in
 * "宗地使用权人张三" and "合同编号3 李建国" the number behind it is the person's. More words than
 * fillers are the label's where they touch it and a colon ends them, or in a heading.
 */
static bool goes_on(struct str gap, bool is_heading)
{
    bool has_colon = ends_in_colon(gap), is_apart = false;
    size_t other = 0;
    for (struct str rest = gap; rest.n > 0;) {
        uint32_t c;
        size_t n = first_word(rest, fillers, COUNT(fillers));
        n = n == 0 && has_colon ? bracket_end(rest) : n;
        if (n > 0) {
            rest = str_from(rest, n);
            continue;
        }
        if (first_word(rest, people, COUNT(people)) > 0) {
            return false;
        }
        n = utf8_decode(&c, rest);
        if (n > 0 && is_han(c)) {
            other += n;
            if (!is_heading && (!has_colon || is_apart || other > ON_BYTES)) {
                return false;
            }
        } else {
            is_apart = true;
        }
        rest = str_from(rest, n == 0 ? 1 : n);
    }
    return true;
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

static bool is_label_of(struct str gap, bool is_heading)
{
    return (is_heading || is_near(gap)) && goes_on(gap, is_heading);
}

static void weigh(struct context *out, struct str words, bool is_heading)
{
    size_t begin = 0, ignored;
    size_t phone = last_word(&ignored, words, phones, COUNT(phones));
    size_t up = last_word(&ignored, words, raising, COUNT(raising));
    bool is_phone = phone > up;
    up = is_phone ? phone : up;
    size_t down = last_word(&ignored, words, lowering, COUNT(lowering));
    size_t unclear = last_word(&begin, words, vague, COUNT(vague));
    out->is_lowered = down > up && is_label_of(str_from(words, down), is_heading);
    bool is_unclear = unclear > up && !(up > 0 && begin == up); /* 身份证编号 is clear */
    out->is_vague =
        !out->is_lowered && is_unclear && is_label_of(str_from(words, unclear), is_heading);
    out->is_raised = up > 0 && !out->is_lowered && !out->is_vague;
    out->is_phone = out->is_raised && is_phone;
}

static bool is_told(const struct context *context)
{
    return context->is_raised || context->is_lowered || context->is_vague;
}

static bool is_place(char c)
{
    return (c >= '0' && c <= '9') || c == 'X' || c == 'x';
}

/* A number of eight places and more, after which an earlier label may not hold: where it ends. */
static size_t end_of_number(struct str s)
{
    size_t digits = 0, end = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits = is_place(s.p[i]) ? digits + 1 : 0;
        end = digits >= 8 ? i + 1 : end;
    }
    return end;
}

static size_t line_start(struct str bytes, size_t at)
{
    while (at > 0 && bytes.p[at - 1] != '\n') {
        at--;
    }
    return at;
}

/* Where the cell of a CSV begins that `start` is in. */
static size_t cell_start(struct str bytes, size_t start)
{
    size_t cell = line_start(bytes, start);
    bool is_quoted = false;
    for (size_t i = cell; i < start; i++) {
        is_quoted ^= bytes.p[i] == '"';
        cell = bytes.p[i] == ',' && !is_quoted ? i + 1 : cell;
    }
    return cell;
}

/* What stands before the number on its line and in its cell. */
static struct str text_before(struct str bytes, size_t start, enum personal_form form)
{
    size_t least = form == PERSONAL_FORM_CSV ? cell_start(bytes, start) : 0;
    size_t from = start;
    while (from > least && start - from < BEFORE_MAX &&
           strchr("\n|\t<>;", bytes.p[from - 1]) == NULL) {
        from--;
    }
    return str_slice(bytes, from, start);
}

/* Before the mark of a list that ends at `at`, or what parts its lines; `at` where there is none.
 */
static size_t separator_start(struct str bytes, size_t at)
{
    static const char *const marks[] = {"、", "，", ",",  "；",  ";",   "/",
                                        "和", "及", "与", "\n-", "\n*", "\n+"};
    struct str before = str_slice(bytes, 0, at);
    while (before.n > 0 && before.p[before.n - 1] == ' ') {
        before.n--;
    }
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (str_ends(before, str_of(marks[i]))) {
            return before.n - strlen(marks[i]);
        }
    }
    return at;
}

/* Of a list of numbers of one length, "承包方编码: A、B、C", the first. */
static size_t list_start(struct str bytes, size_t start, size_t length)
{
    for (;;) {
        size_t end = separator_start(bytes, start), from = end;
        while (end < start && from > 0 && end - from <= length && is_place(bytes.p[from - 1])) {
            from--;
        }
        if (end == start || end - from != length) {
            return start;
        }
        start = from;
    }
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

/* 元旦, 元宵 and 元月 are days; behind so many places 万 and 亿 count something or are names. */
static bool is_unit(struct str after)
{
    static const char *const units[] = {"元",   "亩",   "平方", "㎡",   "公斤", "千瓦", "立方",
                                        "万元", "万亩", "万平", "万公", "万千", "万立", "亿元",
                                        "亿亩", "亿平", "亿公", "亿千", "亿立"};
    static const char *const days[] = {"元旦", "元宵", "元月"};
    bool is_percent =
        str_starts(after, STR("%")) && !(after.n > 2 && str_hex_value(after.p[1]) >= 0 &&
                                         str_hex_value(after.p[2]) >= 0); /* "%E5%BC%A0" */
    return is_percent || (first_word(after, units, COUNT(units)) > 0 &&
                          first_word(after, days, COUNT(days)) == 0);
}

static bool is_amount(struct str before, struct str after)
{
    struct str text = str_trim(before);
    return str_ends(text, STR("¥")) || str_ends(text, STR("￥")) || str_ends(text, STR("$")) ||
           is_unit(after);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "1.13800138000" numbers a line, 1 to 99. */
static bool is_item(struct str bytes, size_t point)
{
    size_t from = point;
    while (from > 0 && point - from < 3 && is_digit(bytes.p[from - 1])) {
        from--;
    }
    return point - from <= 2 && bytes.p[from] != '0' && (from == 0 || bytes.p[from - 1] == '\n');
}

/* Places of a decimal before or behind the point. "13800138000.0" is what a spreadsheet makes of
 * a number that is none. */
static bool is_decimal(struct str bytes, size_t start, size_t end)
{
    if (str_starts(str_from(bytes, start), STR("0."))) {
        return true;
    }
    if (start > 1 && bytes.p[start - 1] == '.' && is_digit(bytes.p[start - 2])) {
        return !is_item(bytes, start - 1);
    }
    struct str after = str_slice(bytes, end, end + 4);
    size_t places = 0;
    while (after.n > places + 1 && is_digit(after.p[places + 1])) {
        places++;
    }
    return str_starts(after, STR(".")) && (places == 2 || (places == 1 && after.p[1] != '0'));
}

/* Chinese behind an address is text again. */
static bool is_url_byte(char c)
{
    return (unsigned char)c > ' ' && (unsigned char)c < 0x80 && strchr("()<>\"'[]", c) == NULL;
}

static bool is_in_url(struct str bytes, size_t start)
{
    size_t from = start;
    while (from > 0 && start - from < URL_MAX && is_url_byte(bytes.p[from - 1])) {
        from--;
    }
    struct str word = str_slice(bytes, from, start);
    return str_find(word, STR("http://")) >= 0 || str_find(word, STR("https://")) >= 0;
}

static bool is_word_byte(char c)
{
    return is_letter(c) || is_digit(c);
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
    bool is_label = last_word(&ignored, label, lowering, COUNT(lowering)) == label.n ||
                    last_word(&ignored, label, raising, COUNT(raising)) == label.n;
    return is_label ? label : STR("");
}

/* What stands around the number tells, or what stands before the list that it is in. */
static void read_label(struct context *out, struct context_table *table, struct str bytes,
                       size_t start, size_t end, enum personal_form form)
{
    struct str before = text_before(bytes, start, form);
    size_t number = end_of_number(before);
    struct str near = str_from(before, number);
    size_t list = form == PERSONAL_FORM_CSV ? start : list_start(bytes, start, end - start);
    weigh(out, near, false);
    if (!is_told(out) && list < start) {
        weigh(out, text_before(bytes, list, form), false);
    }
    if (!is_told(out) && list < start) {
        weigh(out, label_beside(bytes, list), true);
    }
    if (!is_told(out) && number > 0 && near.n <= 12 && goes_on(near, false)) {
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
}

/* What a column that counts or measures is called, and its units. A column of telephones has none
 * of these; one that is called nothing speaks for no figure. */
static const char *const counts[] = {
    "金额",   "收入", "支出", "结余",   "余额", "期初", "期末", "面积", "亩数", "户数", "人数",
    "人口",   "数量", "单价", "标准",   "合计", "小计", "总计", "总额", "补贴", "工资", "报酬",
    "应到",   "实到", "赞成", "反对",   "弃权", "得票", "票数", "得分", "积分", "分值", "产量",
    "次数",   "件数", "天数", "工时",   "长度", "宽度", "厚度", "重量", "预算", "决算", "控制价",
    "中标价", "结算", "借方", "贷方",   "计划", "完成", "本期", "本月", "本年", "上期", "上年",
    "累计",   "差额", "增减", "比例",   "（元", "(元",  "（亩", "(亩",  "（户", "(户",  "（人",
    "(人",    "（万", "(万",  "（公",   "(公",  "（米", "(米",  "（平", "(平",  "（个", "(个",
    "（吨",   "(吨",  "（斤", "(斤",    "（天", "(天",  "（次", "(次",  "（件", "(件",  "（票",
    "(票",    "（分", "(分",  "（千瓦", "(千瓦"};

static bool is_counting(struct str heading)
{
    size_t ignored;
    struct str text = str_trim(heading);
    bool is_period = str_ends(text, STR("年")) || str_ends(text, STR("月")) ||
                     str_ends(text, STR("季度")) || str_ends(text, STR("半年"));
    return (is_period || last_word(&ignored, text, counts, COUNT(counts)) > 0) &&
           last_word(&ignored, text, phones, COUNT(phones)) == 0 &&
           last_word(&ignored, text, raising, COUNT(raising)) == 0;
}

/* Three amounts side by side, 138, 1200 and 1650, make eleven places. */
static bool is_counted(struct context_table *table, struct str bytes, size_t start, size_t end,
                       enum personal_form form)
{
    char separator = form == PERSONAL_FORM_CSV ? ',' : '|';
    struct str number = str_slice(bytes, start, end);
    if (count_separators(number, separator) == 0 || str_find_char(number, '\n') >= 0 ||
        !is_counting(heading_of(table, bytes, start, form))) {
        return false;
    }
    for (size_t i = 0; i < number.n; i++) {
        bool is_border = number.p[i] == separator;
        if (is_border && !is_counting(heading_of(table, bytes, start + i + 1, form))) {
            return false;
        }
    }
    return true;
}

void context_read(struct context *out, struct context_table *table, struct str bytes, size_t start,
                  size_t end, enum personal_form form)
{
    *out = (struct context){0};
    read_label(out, table, bytes, start, end, form);
    out->is_amount = is_amount(str_slice(bytes, start > 8 ? start - 8 : 0, start),
                               str_slice(bytes, end, end + 16));
    out->is_decimal = is_decimal(bytes, start, end);
    out->is_in_word =
        (start > 0 && is_letter(bytes.p[start - 1])) || (end < bytes.n && is_letter(bytes.p[end]));
    out->is_in_hash = out->is_in_word && is_in_hash(bytes, start, end);
    out->is_in_url = is_in_url(bytes, start);
    out->is_counted = is_counted(table, bytes, start, end, form);
}
