/* R01, R02, R03, R09, R29 to R31: days, numbers and telephones of a record. */
#include "base/utf8.h"
#include "check/rule.h"

#include <string.h>

#define INT(number) rule_int(run->arena, number)

/* A notice: what it says of itself, and when the web shows it. Days that nobody wrote are 0. */
struct posting {
    const struct record_field *start, *end, *date, *opens, *goes;
    int64_t first,
        last; /* as it says; without a start the day of publication, without an end none */
};

static int64_t day_of(const struct record_field *field)
{
    return field != NULL ? field->number : 0;
}

static int64_t later_day(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static struct posting read_posting(const struct record *record)
{
    struct posting posting = {.start = rule_field(record, "notice_start"),
                              .end = rule_field(record, "notice_end"),
                              .date = rule_field(record, "date"),
                              .opens = rule_field(record, "publish_at"),
                              .goes = rule_field(record, "depublish_at")};
    posting.first = day_of(posting.start != NULL ? posting.start : posting.date);
    posting.last = day_of(posting.end);
    return posting;
}

/* How long it must hang, by the law, or for candidates of a tender. */
static bool find_posting_days(struct rule_law *law, const struct rule_run *run, int64_t first)
{
    *law = rule_law(run->rules, "posting-days", first);
    if (law->is_known && rule_is_of_village(run)) {
        return true;
    }
    if (!str_equal(rule_text(run->record, "stage"), STR("candidates"))) {
        return false;
    }
    *law = rule_law(run->rules, "candidate-days", first);
    return law->is_known;
}

/* Too short a notice: than the law, or than what the catalogue says of the item. */
static void check_claim(struct rule_run *run, const struct posting *posting,
                        const struct rule_law *law, bool is_asked)
{
    int64_t first = posting->first, days = posting->last - first;
    if (days < 0 || (is_asked && days < law->figure)) {
        rule_tell(run, days < 0 ? DIAG_RULE_POSTING_BACKWARDS : DIAG_RULE_POSTING_SHORT,
                  posting->end->place, law,
                  DIAG_WITH(INT(days), INT(law->figure), rule_day(run->arena, first),
                            rule_day(run->arena, first + law->figure)));
    } else if (run->item != NULL && days < run->item->notice_days) {
        rule_tell(run, DIAG_RULE_POSTING_ITEM, posting->end->place, NULL,
                  DIAG_WITH(INT(days), INT(run->item->notice_days), run->item->name,
                            rule_day(run->arena, first + run->item->notice_days)));
    }
}

/* Is the notice seen on the days that it says? On that of depublish_at the page is gone; that of
 * publish_at is its first. */
static void check_shown(struct rule_run *run, const struct posting *posting,
                        const struct rule_law *law, bool is_asked)
{
    const char *key = rule_is_of_village(run) ? "publication" : "accuracy";
    struct rule_law truth = is_asked ? *law : rule_law(run->rules, key, posting->first);
    int64_t first = posting->first, last = posting->last;
    int64_t shown = later_day(first, day_of(posting->date));
    if (posting->goes != NULL && posting->goes->number <= last) {
        rule_tell(
            run, DIAG_RULE_POSTING_GONE, posting->goes->place, &truth,
            DIAG_WITH(posting->goes->text, posting->end->text, rule_day(run->arena, last + 1)));
    }
    if (posting->opens != NULL && posting->opens->number > first) {
        rule_tell(run, DIAG_RULE_POSTING_HIDDEN, posting->opens->place, &truth,
                  DIAG_WITH(posting->opens->text, rule_day(run->arena, first),
                            INT(posting->opens->number - first)));
    } else if (is_asked && last - first >= law->figure && last - shown < law->figure) {
        rule_tell(run, DIAG_RULE_POSTING_LATE, posting->date->place, law,
                  DIAG_WITH(posting->date->text, posting->start->text, INT(last - shown),
                            INT(law->figure), rule_day(run->arena, shown + law->figure)));
    }
}

/* Without an end it hangs until it is taken off. */
static void check_until_gone(struct rule_run *run, const struct posting *posting,
                             const struct rule_law *law)
{
    int64_t first = later_day(posting->first, day_of(posting->opens));
    int64_t days = posting->goes->number - 1 - first;
    if (days >= 0 && days < law->figure) {
        rule_tell(run, DIAG_RULE_POSTING_TAKEN_OFF, posting->goes->place, law,
                  DIAG_WITH(posting->goes->text, INT(days), INT(law->figure),
                            rule_day(run->arena, first + law->figure + 1)));
    }
}

void rule_posting(struct rule_run *run)
{
    const struct posting posting = read_posting(run->record);
    struct rule_law law;
    if (posting.first == 0) {
        return;
    }
    bool is_asked = find_posting_days(&law, run, posting.first);
    if (posting.end != NULL) {
        check_claim(run, &posting, &law, is_asked);
        check_shown(run, &posting, &law, is_asked);
    } else if (posting.goes != NULL && is_asked &&
               (posting.start != NULL || str_equal(run->record->kind, STR("disclosure")))) {
        check_until_gone(run, &posting, &law);
    }
}

static int64_t first_of_month(int year, int month)
{
    year += (month - 1) / 12;
    return date_to_days((struct date){year, (month - 1) % 12 + 1, 1});
}

/* The first day behind the period that the text names; 0: it is none. */
static int64_t period_end(const struct record_field *period)
{
    struct date first = date_from_days(period->number);
    struct str s = period->text;
    if (s.n == 4) {
        return first_of_month(first.year, 13);
    }
    if (s.n == 7 && s.p[5] == 'H') {
        return first_of_month(first.year, first.month + 6);
    }
    if (s.n == 7 && s.p[5] == 'Q') {
        return first_of_month(first.year, first.month + 3);
    }
    return s.n == 7 ? first_of_month(first.year, first.month + 1) : 0;
}

/* The day of the month by which it is due behind its period: the catalogue's, or the profile's. */
static struct rule_law due_day(const struct rule_run *run, const struct record_field *period)
{
    bool is_month = period->text.n == 7 && period->text.p[5] != 'Q' && period->text.p[5] != 'H';
    bool is_quarter = period->text.n == 7 && period->text.p[5] == 'Q';
    struct rule_law law = {.is_known = false};
    if (is_month || is_quarter) {
        law = rule_law(run->rules, is_month ? "month-due" : "quarter-due", period_end(period));
    }
    int due = run->item->due;
    if (due > 0 && (!law.is_known || due < law.figure)) {
        law = rule_law(run->rules, "publication", period_end(period));
        law.is_known = true;
        law.figure = due;
    }
    return law;
}

void rule_due(struct rule_run *run)
{
    const struct record_field *period = rule_field(run->record, "period"),
                              *date = rule_field(run->record, "date");
    if (period == NULL || date == NULL || run->item == NULL || !rule_is_of_village(run) ||
        !rule_is_word(run->item->every, "month quarter half-year") || period->text.n == 4 ||
        period_end(period) == 0) {
        return;
    }
    struct rule_law law = due_day(run, period);
    int64_t due = period_end(period) + law.figure - 1;
    if (law.is_known && date->number > due) {
        rule_tell(run, DIAG_RULE_LATE, date->place, &law,
                  DIAG_WITH(period->text, rule_day(run->arena, due), INT(date->number - due)));
    }
}

/* What happened must be told within days; it happened when it was signed, or when they met. */
void rule_event(struct rule_run *run)
{
    const struct record_field *date = rule_field(run->record, "date"),
                              *signed_on = rule_field(run->record, "signed"),
                              *held = rule_field(run->record, "held");
    const struct record_field *from = held != NULL ? held : signed_on;
    bool is_event = run->item != NULL && str_equal(run->item->every, STR("event"));
    if (date == NULL || from == NULL || !is_event || !rule_is_of_village(run)) {
        return;
    }
    struct rule_law law = rule_law(run->rules, "event-days", date->number);
    int64_t days = date->number - from->number;
    if (law.is_known && days > law.figure) {
        rule_tell(run, DIAG_RULE_EVENT_LATE, date->place, &law,
                  DIAG_WITH(INT(days), INT(law.figure)));
    }
}

void rule_notice(struct rule_run *run)
{
    static const struct row {
        const char *body, *key;
    } rows[] = {{"villagers", "notice-villagers"},
                {"representatives", "notice-representatives"},
                {"members", "notice-members"}};
    const struct record_field *body = rule_field(run->record, "body"),
                              *held = rule_field(run->record, "held"),
                              *notice = rule_field(run->record, "notice_date");
    for (size_t i = 0; body != NULL && held != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        if (!str_equal(body->text, str_of(rows[i].body))) {
            continue;
        }
        struct rule_law law = rule_law(run->rules, rows[i].key, held->number);
        if (!law.is_known) {
            return;
        }
        if (notice == NULL) {
            rule_tell(run, DIAG_RULE_NOTICE_MISSING, held->place, &law, DIAG_WITH(INT(law.figure)));
        } else if (notice->number <= held->number && held->number - notice->number < law.figure) {
            rule_tell(run, DIAG_RULE_NOTICE_SHORT, notice->place, &law,
                      DIAG_WITH(INT(held->number - notice->number), INT(law.figure)));
        }
    }
}

/* 组织机构代码/年份-顺序号, as the national guide has it. */
static bool has_number_form(struct str s)
{
    if (s.n != 20 || s.p[9] != '/' || s.p[14] != '-') {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';
        bool is_capital = s.p[i] >= 'A' && s.p[i] <= 'Z';
        if (i != 9 && i != 14 && !is_digit && !(i < 9 && is_capital)) {
            return false;
        }
    }
    return true;
}

struct str rule_narrow(struct arena *arena, struct str s)
{
    enum { WIDE_FIRST = 0xff01, WIDE_LAST = 0xff5e, TO_ASCII = 0xfee0 };
    struct buf buf = BUF_EMPTY;
    while (s.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(&c, s);
        if (c >= WIDE_FIRST && c <= WIDE_LAST && n > 0) {
            buf_add_char(&buf, (char)(c - TO_ASCII));
        } else {
            buf_add(&buf, str_slice(s, 0, n == 0 ? 1 : n));
        }
        s = str_from(s, n == 0 ? 1 : n);
    }
    struct str narrow = arena_copy(arena, buf_str(&buf));
    buf_free(&buf);
    return narrow;
}

void rule_number_form(struct rule_run *run)
{
    const struct record_field *index = rule_field(run->record, "index");
    if (index == NULL || index->text.n == 0 || has_number_form(index->text)) {
        return;
    }
    struct rule_law law = rule_law(run->rules, "index-number", run->day);
    struct str narrow = rule_narrow(run->arena, index->text);
    rule_tell(run, has_number_form(narrow) ? DIAG_RULE_INDEX_WIDE : DIAG_RULE_INDEX_FORM,
              index->place, &law, DIAG_WITH(index->text, narrow));
}

static void check_order(struct rule_run *run, const char *earlier, const char *later,
                        enum diag_code code)
{
    const struct record_field *first = rule_field(run->record, earlier),
                              *second = rule_field(run->record, later);
    if (first != NULL && second != NULL && first->number > second->number) {
        rule_tell(run, code, second->place, NULL,
                  DIAG_WITH(first->row->zh, first->text, second->row->zh, second->text));
    }
}

/* Taken off before it was ever seen. What hangs as a notice is R01's. */
static void check_never_shown(struct rule_run *run)
{
    static const char *const begins[] = {"date", "publish_at"};
    const struct record_field *goes = rule_field(run->record, "depublish_at"),
                              *end = rule_field(run->record, "notice_end");
    if (goes == NULL || (end != NULL && goes->number <= end->number)) {
        return;
    }
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        const struct record_field *from = rule_field(run->record, begins[i]);
        if (from != NULL && goes->number <= from->number) {
            rule_tell(run, DIAG_RULE_NEVER_SHOWN, goes->place, NULL,
                      DIAG_WITH(goes->text, from->row->zh, from->text, from->row->key));
            return;
        }
    }
}

void rule_dates(struct rule_run *run)
{
    check_never_shown(run);
    const struct record_field *date = rule_field(run->record, "date"),
                              *opens = rule_field(run->record, "publish_at");
    check_order(run, "signed", "date", DIAG_RULE_DATES);
    check_order(run, "contract_start", "contract_end", DIAG_RULE_DATES);
    check_order(run, "opens", "closes", DIAG_RULE_DATES);
    check_order(run, "starts", "ends", DIAG_RULE_DATES);
    check_order(run, "received", "closed", DIAG_RULE_DATES);
    int64_t latest =
        opens != NULL && opens->number > run->rules->today ? opens->number : run->rules->today;
    if (date != NULL && date->number > latest) {
        rule_tell(run, DIAG_RULE_DATE_FUTURE, date->place, NULL,
                  DIAG_WITH(date->text, rule_day(run->arena, run->rules->today)));
    }
}

/* Whoever reads a notice must know whom to ask. */
void rule_contact(struct rule_run *run)
{
    const struct record_field *start = rule_field(run->record, "notice_start");
    if (start == NULL || rule_text(run->record, "contact").n > 0) {
        return;
    }
    struct rule_law law = rule_law(run->rules, "complaint", start->number);
    rule_tell(run, DIAG_RULE_CONTACT, start->place, &law, DIAG_PLAIN);
}

/* R32: figures and days of the catalogue that are looser than what holds without them. */
void rule_site_figures(struct rule_run *run)
{
    const struct config *config = run->rules->config;
    for (size_t i = 0; i < config->rules.figure_count; i++) {
        const struct config_setting *setting = &config->rules.figures[i];
        const struct law_figure *figure = law_figure(&run->rules->law, setting->name);
        long value = str_number(setting->text, 1000000);
        const struct law_fact *fact =
            figure == NULL ? NULL
                           : law_find(&run->rules->law, figure->key, run->day, &run->rules->chosen);
        if (fact == NULL || value <= 0 ||
            !law_is_stricter(&run->rules->law, figure->key, fact->figure, value)) {
            continue;
        }
        struct rule_law law = {true, fact->figure, {fact->cite[0], fact->cite[1]}};
        rule_tell(run, DIAG_RULE_FIGURE_LOOSE, setting->place, &law,
                  DIAG_WITH(figure->zh, INT(value), INT(fact->figure)));
    }
    const struct law_fact *floor =
        law_find(&run->rules->law, STR("posting-days"), run->day, &run->rules->chosen);
    for (size_t i = 0; floor != NULL && i < config->item_count; i++) {
        const struct config_item *item = &config->items[i];
        if (item->notice_days > 0 && item->notice_days < floor->figure) {
            struct rule_law law = {true, floor->figure, {floor->cite[0], floor->cite[1]}};
            rule_tell(run, DIAG_RULE_FIGURE_LOOSE, (struct place){config->path, item->line, 1},
                      &law, DIAG_WITH(item->name, INT(item->notice_days), INT(floor->figure)));
        }
    }
}

/* R22: what the inspection of government sites looks for. */
void rule_site_footer(struct rule_run *run)
{
    const struct config *config = run->rules->config;
    if (!config->rules.is_government) {
        return;
    }
    const struct part {
        struct str value;
        const char *zh;
    } parts[] = {{config->site_code, "网站标识码"},  {config->host, "主办单位"},
                 {config->icp, "ICP备案号"},         {config->police, "公安备案号"},
                 {config->mark_url, "党政机关标识"}, {config->report_url, "网站找错"},
                 {config->phone, "联系电话"}};
    struct rule_law law = rule_law(run->rules, "site-tags", run->day);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].value.n == 0) {
            rule_tell(run, DIAG_RULE_FOOTER, (struct place){config->path, 0, 0}, &law,
                      DIAG_WITH(str_of(parts[i].zh)));
        }
    }
    bool is_code = config->site_code.n == 10;
    for (size_t i = 0; i < config->site_code.n; i++) {
        char c = config->site_code.p[i];
        is_code = is_code &&
                  ((c >= '0' && c <= '9') || (i < 2 && str_starts(config->site_code, STR("bm"))));
    }
    if (config->site_code.n > 0 && !is_code) {
        rule_tell(run, DIAG_RULE_SITE_CODE, (struct place){config->path, 0, 0}, &law,
                  DIAG_WITH(config->site_code));
    }
}
