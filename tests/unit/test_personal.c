/* Personal data: no seeded leak is missed, no code of the domain is flagged, no digit is shown. */
#include "check/personal.h"
#include "check/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 20260905, LEAKS = 300 };

static enum personal_certainty most_of(struct str text, enum personal_form form)
{
    struct arena arena = {0};
    struct personal_list found = {0};
    enum personal_certainty most = PERSONAL_CERTAINTY_NONE;
    personal_find(&found, &arena, text, form);
    for (size_t i = 0; i < found.count; i++) {
        most = found.items[i].certainty > most ? found.items[i].certainty : most;
    }
    arena_free(&arena);
    return most;
}

static void test_traps(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input;
        enum personal_certainty most; /* at most LOWERED is silence */
    } rows[] = {
        {"contractor", "承包方编码:621228200201010003", PERSONAL_CERTAINTY_LOWERED},
        {"contractor 2", "| 户 | 承包方编码 |\n|--|--|\n| 1 | 621228200201010011 |\n",
         PERSONAL_CERTAINTY_LOWERED},
        {"parcel", "地块代码 6212281002010300003", PERSONAL_CERTAINTY_LOWERED},
        {"numeric credit code", "统一社会信用代码:526201198912304746", PERSONAL_CERTAINTY_LOWERED},
        {"numeric credit code 2", "统一社会信用代码 526201194506172436",
         PERSONAL_CERTAINTY_LOWERED},
        {"without its label", "526201198912304746", PERSONAL_CERTAINTY_CERTAIN},
        {"no province", "916201195407094169", PERSONAL_CERTAINTY_NONE},
        {"credit code", "54620123MF1234567K", PERSONAL_CERTAINTY_NONE},
        {"credit code 2", "N2620123MF76543215", PERSONAL_CERTAINTY_NONE},
        {"credit code 3", "116201230001234562", PERSONAL_CERTAINTY_NONE},
        {"amount", "1380013800.00", PERSONAL_CERTAINTY_NONE},
        {"amount of eleven", "合计 13800138000.00", PERSONAL_CERTAINTY_LOWERED},
        {"long decimal", "113.13800138000", PERSONAL_CERTAINTY_LOWERED},
        {"document", "柳政发〔2026〕8号", PERSONAL_CERTAINTY_NONE},
        {"commit", "3f13800138000abcdef0123456789abcdef01234", PERSONAL_CERTAINTY_LOWERED},
        {"address", "https://example.cn/13800138000.html", PERSONAL_CERTAINTY_LOWERED},
        {"landline", "监督电话:0999-5551234", PERSONAL_CERTAINTY_NONE},
        {"landlines", "| 联系电话 |\n|--|\n| 0999-5551234 |\n| 0999-5551235 |\n",
         PERSONAL_CERTAINTY_NONE},
        {"masked", "35*************123 138****1234 6222 **** **** 1234", PERSONAL_CERTAINTY_NONE},
        {"inside a longer number", "9138001380001", PERSONAL_CERTAINTY_NONE},
        {"register", "地籍号 621228200201010003", PERSONAL_CERTAINTY_LOWERED},
        {"file number", "档号:621228200201010003", PERSONAL_CERTAINTY_LOWERED},
        {"unit of land", "不动产单元号 6212281002010300003", PERSONAL_CERTAINTY_LOWERED},
        {"heading of a row", "| 统一社会信用代码 | 526201198912304746 |",
         PERSONAL_CERTAINTY_LOWERED},
        {"heading of a list", "承包方编码：\n\n", PERSONAL_CERTAINTY_NONE},
        {"label on its line", "承包方编码：\n621228200201010003\n", PERSONAL_CERTAINTY_LOWERED},
        {"label with words", "统一社会信用代码为:526201198912304746", PERSONAL_CERTAINTY_LOWERED},
        {"list behind a label", "承包方编码 621228200201010003、621228200201010011",
         PERSONAL_CERTAINTY_LOWERED},
        {"long list behind a label",
         "承包方编码：\n- 621228200201010003\n- 621228200201010011\n- 621228200201010003\n"
         "- 621228200201010011\n- 621228200201010003、621228200201010011",
         PERSONAL_CERTAINTY_LOWERED},
        {"two numbers behind a label", "承包方编码 621228200201010003 11010519491231002X",
         PERSONAL_CERTAINTY_DOUBTFUL},
        {"list without a label", "621228200201010003、621228200201010011",
         PERSONAL_CERTAINTY_CERTAIN},
        {"services and landlines", "| 电话 |\n|--|\n| 400-183-0012 |\n| (0999)5554941 |",
         PERSONAL_CERTAINTY_NONE},
        {"landline of Beijing", "咨询电话:010-86139188 12345", PERSONAL_CERTAINTY_NONE},
        {"abroad in groups", "电话 86139 1880 0012", PERSONAL_CERTAINTY_CERTAIN},
        {"two services", "咨询电话:400-018-2826 12317", PERSONAL_CERTAINTY_NONE},
        {"vague label", "编号:11010519491231002X", PERSONAL_CERTAINTY_CERTAIN},
        {"vague label 2", "代码 11010519491231002X", PERSONAL_CERTAINTY_CERTAIN},
        {"vague heading", "| 编号 |\n|--|\n| 11010519491231002X |\n", PERSONAL_CERTAINTY_CERTAIN},
        {"number of a vague thing", "编号:13800138000", PERSONAL_CERTAINTY_DOUBTFUL},
        {"number of the identity card", "身份证编号:11010519491231002X",
         PERSONAL_CERTAINTY_CERTAIN},
        {"label of something else", "合同编号见附件,户主张三 11010519491231002X",
         PERSONAL_CERTAINTY_CERTAIN},
        {"in an address", "https://example.cn/11010519491231002X.html", PERSONAL_CERTAINTY_CERTAIN},
        {"behind letters", "ID11010519491231002X", PERSONAL_CERTAINTY_CERTAIN},
        {"before an x", "110105199003077219x", PERSONAL_CERTAINTY_CERTAIN},
        {"in a digest", "3f11010519491231002Xabcdef0123456789abcdef01234",
         PERSONAL_CERTAINTY_CERTAIN},
        {"in a name in letters", "zhangjianguo11010519491231002Xshenfenzheng.jpg",
         PERSONAL_CERTAINTY_CERTAIN},
        {"behind a name in numerals", "王五一三八零零一三八零零零", PERSONAL_CERTAINTY_CERTAIN},
        {"wrapped", "打电话给王五,1380013\n8000,他在", PERSONAL_CERTAINTY_CERTAIN},
        {"row of figures", "| 138 | 1200 | 1650 |", PERSONAL_CERTAINTY_DOUBTFUL},
        {"row of figures below names of nothing", "|甲|乙|丙|\n|-|-|-|\n| 138 | 1200 | 1650 |",
         PERSONAL_CERTAINTY_DOUBTFUL},
        {"row of figures, each counted",
         "| 组 | 户数 | 面积（亩） | 金额（元） |\n|-|-|-|-|\n| 一组 | 138 | 1200 | 1650 |",
         PERSONAL_CERTAINTY_NONE},
        {"row of figures by years", "| 2023年 | 2024年 | 2025年 |\n|-|-|-|\n| 138 | 1200 | 1650 |",
         PERSONAL_CERTAINTY_NONE},
        {"row of figures, one not counted",
         "| 户数 | 备注 | 金额（元） |\n|-|-|-|\n| 138 | 1200 | 1650 |",
         PERSONAL_CERTAINTY_DOUBTFUL},
        {"row below a heading for telephones",
         "| 手机 | 户数 | 人数 |\n|-|-|-|\n| 138 | 1200 | 1650 |", PERSONAL_CERTAINTY_CERTAIN},
        {"one cell below a heading that counts", "| 户数 | 人数 |\n|-|-|\n| 5 | 138-1200-1650 |",
         PERSONAL_CERTAINTY_CERTAIN},
        {"identity below headings that count",
         "| 户数 | 面积 | 金额 |\n|-|-|-|\n| 110105 | 19491231 | 002X |",
         PERSONAL_CERTAINTY_CERTAIN},
        {"row of a ledger", "6,2026-01-27,01-006,2025", PERSONAL_CERTAINTY_NONE},
        {"identity", "11010519491231002X", PERSONAL_CERTAINTY_CERTAIN},
        {"identity, lower case",
         "44052418800101001"
         "4 11010519491231002x",
         PERSONAL_CERTAINTY_CERTAIN},
        {"wrong check digit", "身份证号:110105194912310021", PERSONAL_CERTAINTY_DOUBTFUL},
        {"old identity", "身份证:110105491231002", PERSONAL_CERTAINTY_DOUBTFUL},
        {"old identity, no word", "110105491231002", PERSONAL_CERTAINTY_NONE},
        {"mobile", "13800138000", PERSONAL_CERTAINTY_CERTAIN},
        {"mobile behind a name", "二组王五13800138000", PERSONAL_CERTAINTY_CERTAIN},
        {"abroad", "+8613800138000", PERSONAL_CERTAINTY_CERTAIN},
        {"abroad 2", "0086-138-0013-8000", PERSONAL_CERTAINTY_CERTAIN},
        {"link", "[打电话](tel:13800138000)", PERSONAL_CERTAINTY_CERTAIN},
        {"comment", "<!-- 13800138000 -->", PERSONAL_CERTAINTY_CERTAIN},
        {"file name", "扫描/13800138000.jpg", PERSONAL_CERTAINTY_CERTAIN},
        {"card", "6200000000000005", PERSONAL_CERTAINTY_CERTAIN},
        {"holder behind a label", "宗地使用权人:李建国 11010519491231002X",
         PERSONAL_CERTAINTY_CERTAIN},
        {"name behind a label", "税号 李建国 11010519491231002X", PERSONAL_CERTAINTY_CERTAIN},
        {"name behind a label's number", "项目编号LW-2026-03李建国13800138000",
         PERSONAL_CERTAINTY_CERTAIN},
        {"name behind a long number", "发票号码12345678李建国6200000000000005",
         PERSONAL_CERTAINTY_CERTAIN},
        {"column of holders", "| 不动产权利人 |\n|--|\n| 李建国 11010519491231002X |\n",
         PERSONAL_CERTAINTY_CERTAIN},
        {"label with a bracket", "统一社会信用代码（组织机构代码证号）:526201198912304746",
         PERSONAL_CERTAINTY_LOWERED},
        {"label with a place", "承包方编码(甘肃省):621228200201010003", PERSONAL_CERTAINTY_LOWERED},
        {"label that goes on", "不动产登记证明号为6212281002010300003", PERSONAL_CERTAINTY_LOWERED},
        {"label up to a colon", "宗地坐落图幅号:6212281002010300003", PERSONAL_CERTAINTY_LOWERED},
        {"sentence about an amount", "金额不符请找李建国13800138000", PERSONAL_CERTAINTY_CERTAIN},
        {"vague word within another", "lishan 13800138000", PERSONAL_CERTAINTY_CERTAIN},
        {"name of two units", "李建国13800138000万建国", PERSONAL_CERTAINTY_CERTAIN},
        {"New Year", "李建国13800138000元旦值班", PERSONAL_CERTAINTY_CERTAIN},
        {"amount of 元", "总产值13800138000元", PERSONAL_CERTAINTY_LOWERED},
        {"amount of 万元", "总产值13800138000万元", PERSONAL_CERTAINTY_LOWERED},
        {"decimal below one", "0.13800138000", PERSONAL_CERTAINTY_LOWERED},
        {"two landlines", "咨询电话:0999 5556008 0999-5559706", PERSONAL_CERTAINTY_NONE},
        {"two landlines that begin alike", "电话 62000000 00000005", PERSONAL_CERTAINTY_LOWERED},
        {"card in the bank's groups", "李建国 620000 0000 0000 05", PERSONAL_CERTAINTY_CERTAIN},
        {"card in cells behind a name", "| 张三 | 6200 | 0000 | 0000 | 0005 |",
         PERSONAL_CERTAINTY_DOUBTFUL},
        {"card wrapped behind a name", "张三/62000000\n00000005", PERSONAL_CERTAINTY_CERTAIN},
        {"percent", "增长13800138000%", PERSONAL_CERTAINTY_LOWERED},
        {"target with an escape", "[x](13800138000%E5%BC%A0.csv)", PERSONAL_CERTAINTY_CERTAIN},
        {"behind an address", "见https://example.cn/a，找李建国13800138000",
         PERSONAL_CERTAINTY_CERTAIN},
        {"numbered line", "甲\n1.13800138000\n2.13800138001", PERSONAL_CERTAINTY_CERTAIN},
        {"of a spreadsheet", "李建国,13800138000.0", PERSONAL_CERTAINTY_CERTAIN},
        {"tel", "tel13800138000", PERSONAL_CERTAINTY_CERTAIN},
        {"hotel", "hotel13800138000", PERSONAL_CERTAINTY_DOUBTFUL},
        {"of a file that is no text",
         "张 138\xef\xbf\xbd"
         "0013\xef\xbf\xbd"
         "8000",
         PERSONAL_CERTAINTY_CERTAIN},
        {"date in a ledger", "| 350000 | 2026-01-05 | 1002 |", PERSONAL_CERTAINTY_NONE},
        {"date in a column of identities", "| 身份证 |\n|--|\n| 110105, 1949-12-31, 002X |",
         PERSONAL_CERTAINTY_CERTAIN},
        {"wrapped anywhere", "李建国(13800138\n000)", PERSONAL_CERTAINTY_DOUBTFUL},
        {"accents",
         "1\xcc\x81"
         "3\xcc\x81"
         "800138000",
         PERSONAL_CERTAINTY_CERTAIN},
        {"quoted columns", "张三,\"110105\",\"19491231\",\"002X\"", PERSONAL_CERTAINTY_CERTAIN},
        {"columns of semicolons", "张三;110105;19491231;002X", PERSONAL_CERTAINTY_CERTAIN},
        {"list of JSON", "[\"110105\", \"19491231\", \"002X\"]", PERSONAL_CERTAINTY_CERTAIN},
        {"nearest label", "信用代码:N2620123MF76543215,身份证号:11010519491231002X",
         PERSONAL_CERTAINTY_CERTAIN},
    };
    size_t failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum personal_certainty most = most_of(str_of(rows[i].input), PERSONAL_FORM_TEXT);
        if (most != rows[i].most) {
            print_error("%s: %d instead of %d\n", rows[i].name, (int)most, (int)rows[i].most);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static unsigned next(uint64_t *random)
{
    *random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*random >> 33);
}

static void make_identity(char out[24], uint64_t *random)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const unsigned provinces[] = {11, 35, 42, 51, 62, 65};
    snprintf(out, 24, "%02u%04u%04u%02u%02u%03u", provinces[next(random) % 6], next(random) % 10000,
             1930 + next(random) % 90, 1 + next(random) % 12, 1 + next(random) % 28,
             next(random) % 1000);
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        sum += (out[i] - '0') * weights[i];
    }
    out[17] = "10X98765432"[sum % 11];
    out[18] = '\0';
}

static void make_mobile(char out[24], uint64_t *random)
{
    snprintf(out, 24, "1%u%04u%05u", 3 + next(random) % 7, next(random) % 10000,
             next(random) % 100000);
}

static void make_card(char out[24], uint64_t *random)
{
    size_t n = 16 + next(random) % 4;
    memcpy(out, "62", 2);
    for (size_t i = 2; i < n; i++) {
        out[i] = (char)('0' + next(random) % 10);
    }
    out[n] = '\0';
    for (out[n - 1] = '0'; out[n - 1] <= '9'; out[n - 1]++) {
        int sum = 0;
        for (size_t i = 0; i < n; i++) {
            int value = (out[n - 1 - i] - '0') * (i % 2 == 1 ? 2 : 1);
            sum += value > 9 ? value - 9 : value;
        }
        if (sum % 10 == 0) {
            return;
        }
    }
}

/* Writes a number with `between` after each place, or after the usual groups alone. */
static void disguise(struct buf *out, const char *number, const char *const *digits,
                     const char *between, bool is_grouped)
{
    size_t n = strlen(number);
    for (size_t i = 0; i < n; i++) {
        if (number[i] == 'X' || digits == NULL) {
            buf_add_char(out, number[i]);
        } else {
            buf_add_text(out, digits[number[i] - '0']);
        }
        bool is_group = n == 11                       ? i == 2 || i == 6
                        : n == 18 && number[0] != '6' ? i == 5 || i == 13
                                                      : i % 4 == 3;
        if (i + 1 < n && (!is_grouped || is_group)) {
            buf_add_text(out, between);
        }
    }
}

static void test_leaks(void **state)
{
    (void)state;
    static const char *const wide[] = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
    static const char *const han[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    static const char *const arab[] = {"٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"};
    static const char *const entity[] = {"&#48;", "&#49;", "&#50;", "&#x33;", "&#52;",
                                         "&#53;", "&#54;", "&#55;", "&#56;",  "&#57;"};
    static const char *const percent[] = {"%30", "%31", "%32", "%33", "%34",
                                          "%35", "%36", "%37", "%38", "%39"};
    static const char *const circled[] = {"⓪", "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨"};
    static const struct {
        const char *name, *const *digits, *between;
        bool is_grouped, is_split; /* split: mobiles and cards may be doubtful */
    } rows[] = {
        {"plain", NULL, "", false, false},
        {"full-width", wide, "", false, false},
        {"Chinese", han, "", false, false},
        {"Arabic", arab, "", false, false},
        {"references", entity, "", false, false},
        {"percent", percent, "", false, false},
        {"circled", circled, "", false, false},
        {"groups", NULL, " ", true, false},
        {"hyphens", NULL, "-", true, false},
        {"dots", NULL, ".", true, false},
        {"each blank", NULL, " ", false, false},
        {"wide blanks", wide, "　", true, false},
        {"zero width", NULL, "\xe2\x80\x8b", false, false},
        {"soft hyphen", NULL, "\xc2\xad", true, false},
        {"shy", NULL, "&shy;", true, false},
        {"nbsp", NULL, "&nbsp;", true, false},
        {"emphasis", NULL, "**", true, false},
        {"escapes", NULL, "\\_", true, false},
        {"tags", NULL, "<b></b>", true, false},
        {"a digit in a tag", NULL, "<b id=7x>", true, false},
        {"the same behind a mark", NULL, "\\<b id=7x>", true, false},
        {"comments", NULL, "<!-- -->", true, false},
        {"middle dots", NULL, "·", true, false},
        {"line ends", NULL, "\n", true, true},
        {"cells", NULL, " | ", true, true},
        {"each cell", NULL, "|", false, true},
        {"HTML cells", NULL, "</td><td>", true, true},
    };
    static void (*const makers[])(char[24], uint64_t *) = {make_identity, make_mobile, make_card};
    uint64_t random = SEED;
    size_t missed = 0, doubtful = 0, count = 0;
    struct buf text = BUF_EMPTY;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (size_t i = 0; i < LEAKS; i++) {
            char number[24];
            makers[i % 3](number, &random);
            buf_clear(&text);
            buf_add_text(&text, "三组张*明(");
            disguise(&text, number, rows[row].digits, rows[row].between, rows[row].is_grouped);
            buf_add_text(&text, ")今年补贴");
            enum personal_certainty most = most_of(buf_str(&text), PERSONAL_FORM_TEXT);
            bool may_doubt = rows[row].is_split && i % 3 != 0;
            bool is_found = most == PERSONAL_CERTAINTY_CERTAIN ||
                            (may_doubt && most == PERSONAL_CERTAINTY_DOUBTFUL);
            if (!is_found && missed++ < 20) {
                print_error("missed: %s %s\n", rows[row].name, text.p);
            }
            doubtful += most == PERSONAL_CERTAINTY_DOUBTFUL;
            count++;
        }
    }
    print_message("%zu leaks, %zu of them doubtful, %zu missed\n", count, doubtful, missed);
    buf_free(&text);
    assert_int_equal(missed, 0);
}

/* Any code of 18 or 19 places with its label stays one. */
static void test_labelled_codes(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "承包方编码:", "统一社会信用代码:", "地块代码:", "合同编号:"};
    uint64_t random = SEED;
    for (size_t i = 0; i < 20000; i++) {
        char number[24], text[80];
        i % 2 == 0 ? make_identity(number, &random) : make_card(number, &random);
        snprintf(text, sizeof text, "%s%s", labels[i % 4], number);
        assert_true(most_of(str_of(text), PERSONAL_FORM_TEXT) <= PERSONAL_CERTAINTY_LOWERED);
    }
}

static void test_csv(void **state)
{
    (void)state;
    assert_int_equal(most_of(STR("户,\"地块代码,旧\"\n1,6212281002010300003\n"), PERSONAL_FORM_CSV),
                     PERSONAL_CERTAINTY_LOWERED);
    assert_int_equal(
        most_of(STR("组,户数,人数,金额（元）\n一组,138,1200,1650\n"), PERSONAL_FORM_CSV),
        PERSONAL_CERTAINTY_NONE);
    assert_int_equal(most_of(STR("组,甲,乙,丙\n一组,138,1200,1650\n"), PERSONAL_FORM_CSV),
                     PERSONAL_CERTAINTY_DOUBTFUL);
    assert_int_equal(most_of(STR("户,手机\n1,13800138000\n"), PERSONAL_FORM_CSV),
                     PERSONAL_CERTAINTY_CERTAIN);
    assert_int_equal(most_of(STR("单位,负责人\n承包方编码621228200201010003,11010519491231002X\n"),
                             PERSONAL_FORM_CSV),
                     PERSONAL_CERTAINTY_CERTAIN);
    assert_int_equal(
        most_of(STR("项,值\n统一社会信用代码,526201198912304746\n"), PERSONAL_FORM_CSV),
        PERSONAL_CERTAINTY_LOWERED);
    assert_int_equal(most_of(STR("项,值\n身份证,110105491231002\n"), PERSONAL_FORM_CSV),
                     PERSONAL_CERTAINTY_DOUBTFUL);
}

/* Digits of UTF-16 and UTF-32 in a file that is not read as such. */
static void test_wide(void **state)
{
    (void)state;
    char text[4 * 18 + 4];
    for (size_t width = 2; width <= 4; width += 2) {
        memset(text, 0, sizeof text);
        for (size_t i = 0; i < 18; i++) {
            text[i * width] = "11010519491231002X"[i];
        }
        assert_int_equal(most_of((struct str){text, 18 * width}, PERSONAL_FORM_TEXT),
                         PERSONAL_CERTAINTY_CERTAIN);
    }
}

static void test_windows(void **state)
{
    (void)state;
    struct personal_window windows[4];
    size_t count = personal_windows(windows, 4, STR("35*************123 **重点** 138****1234"));
    assert_int_equal(count, 2);
    assert_int_equal(windows[0].before, 2);
    assert_int_equal(windows[0].hidden, 13);
    assert_int_equal(windows[0].after, 3);
    assert_int_equal(windows[1].before, 3);
}

/* Reports on `source` as a configured or a free site; earlier diagnostics quote the same line. */
static void report(struct buf *out, struct str source, bool is_free, enum language language)
{
    struct arena arena = {0};
    struct check check = {0};
    struct diag diag = {.is_lenient = is_free};
    struct record record = {.path = STR("村/13800138000.md"), .body_text = source};
    diag_set_source(&diag, record.path, source);
    diag_add(&diag, DIAG_NAME_DOTS, (struct place){record.path, 1, 2},
             DIAG_WITH(STR("11010519491231002X")));
    const struct check_input input = {.record = &record, .arena = &arena, .source = source};
    check_record(&check, &input, &diag);
    check_mask(&diag);
    diag_write_text(out, &diag, language);
    diag_write_json(out, &diag, language);
    assert_int_equal(diag.error_count > 0, !is_free);
    check_clear(&check);
    diag_free(&diag);
    arena_free(&arena);
}

static void test_report(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        struct buf out = BUF_EMPTY;
        report(&out, STR("张 11010519491231002X\n卡 6200 0000 0000 0005 电话 138\n0013\n8000\n"),
               round % 2 == 1, round / 2 == 0 ? LANGUAGE_ZH : LANGUAGE_EN);
        static const char *const secrets[] = {"110105", "1949", "6200", "0005", "138", "0013"};
        for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
            assert_null(strstr(out.p, secrets[i]));
        }
        assert_non_null(strstr(out.p, round % 2 == 1 ? "warning[R16A]" : "error[R16A]"));
        if (round == 0) {
            assert_non_null(strstr(out.p, "这里有一个身份证号（******************）"));
            assert_non_null(strstr(out.p, "这里有一个手机号（***********）"));
            assert_non_null(strstr(out.p, "这里有一个银行卡号（****************）"));
        }
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traps),          cmocka_unit_test(test_leaks),
        cmocka_unit_test(test_labelled_codes), cmocka_unit_test(test_csv),
        cmocka_unit_test(test_wide),           cmocka_unit_test(test_windows),
        cmocka_unit_test(test_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
