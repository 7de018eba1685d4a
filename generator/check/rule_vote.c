/* R08, R10 to R12, R14: who met, how they voted, in which order, and who watched. */
#include "check/rule.h"

#include <string.h>

#define INT(number) rule_int(run->arena, number)

static const struct record_value *motions_of(const struct record *record)
{
    const struct record_field *motions = rule_field(record, "motions");
    return motions != NULL ? motions->value : NULL;
}

static struct str motion_text(const struct record_value *motion, const char *key)
{
    const struct record_field *field = rule_subfield(motion, key);
    return field != NULL ? field->text : (struct str){NULL, 0};
}

static struct rule_law law_of(const struct law_quorum *row)
{
    return (struct rule_law){true, 0, {row->cite[0], row->cite[1]}};
}

/* Whose rules hold: those of the collective where the village's representatives decide for it. */
static struct str body_of(const struct record *record)
{
    struct str body = rule_text(record, "body");
    bool is_collective = str_equal(rule_text(record, "decides_for"), STR("collective"));
    bool is_households = str_equal(rule_text(record, "counted_by"), STR("households"));
    if (is_collective && str_equal(body, STR("representatives"))) {
        return STR("member_representatives");
    }
    if (is_collective && str_equal(body, STR("villagers"))) {
        return STR("members");
    }
    return is_households && str_equal(body, STR("villagers")) ? STR("households") : body;
}

/* A meeting that too few attended may be told of; it can't have decided anything. */
static bool has_decided(const struct record *record)
{
    const struct record_value *motions = motions_of(record);
    for (size_t i = 0; motions != NULL && i < motions->count; i++) {
        struct str result = motion_text(motions->items[i].value, "result");
        if (str_equal(result, STR("passed")) ||
            (result.n == 0 && rule_subfield(motions->items[i].value, "yes") != NULL)) {
            return true;
        }
    }
    return motions == NULL || motions->count == 0;
}

static void check_quorum(struct rule_run *run, const struct law_quorum *row,
                         const struct record_field *due, const struct record_field *present)
{
    int64_t needed = law_needed(row->quorum, due->number);
    if (due->number > 0 && !law_is_reached(row->quorum, present->number, due->number) &&
        has_decided(run->record)) {
        struct rule_law law = law_of(row);
        bool is_custom = row->profile.n > 0;
        rule_tell(run, is_custom ? DIAG_RULE_QUORUM_CUSTOM : DIAG_RULE_QUORUM, present->place, &law,
                  DIAG_WITH(INT(due->number), INT(needed), INT(present->number)));
    }
}

/* What the motion itself asks for beside the law: never less. */
static struct law_share share_of_rule(struct str rule, bool *is_of_due)
{
    static const struct row {
        const char *rule;
        struct law_share share;
        bool is_of_due;
    } rows[] = {{"present_half", {1, 2, true}, false},
                {"present_two_thirds", {2, 3, false}, false},
                {"all_half", {1, 2, true}, true},
                {"all_two_thirds", {2, 3, false}, true},
                {"registered_half", {1, 2, true}, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_equal(rule, str_of(rows[i].rule))) {
            *is_of_due = rows[i].is_of_due;
            return rows[i].share;
        }
    }
    return (struct law_share){0};
}

/* How many must agree to the motion, and by whose rule. */
static int64_t needed_votes(const struct rule_run *run, const struct law_quorum *row,
                            const struct record_value *motion, int64_t due, int64_t present,
                            struct rule_law *law)
{
    bool is_of_due = false;
    int64_t by_law = row == NULL ? 0 : law_needed(row->pass, row->is_of_due ? due : present);
    struct law_share own = share_of_rule(motion_text(motion, "rule"), &is_of_due);
    int64_t by_rule = law_needed(own, is_of_due ? due : present);
    (void)run;
    *law = row != NULL ? law_of(row) : (struct rule_law){true, 0, {STR(""), STR("")}};
    if (by_rule > by_law) {
        *law = (struct rule_law){true, 0, {STR("表决规则"), STR("the motion's own rule")}};
    }
    return by_rule > by_law ? by_rule : by_law;
}

static const struct law_quorum *row_of_motion(const struct rule_run *run, struct str body,
                                              const struct record_value *motion, int64_t day)
{
    struct str matter = motion_text(motion, "matter");
    if (str_equal(matter, STR("recall"))) {
        body = STR("removal");
    } else if (str_equal(matter, STR("election"))) {
        body = STR("election");
    }
    return law_quorum(&run->rules->law, body, day, &run->rules->chosen);
}

/* The collective's assembly decides these itself: its representatives may not. */
static void check_competence(struct rule_run *run, struct str body,
                             const struct record_value *motion, int64_t day)
{
    const struct record_field *matter = rule_subfield(motion, "matter");
    const struct law_quorum *row = law_quorum(&run->rules->law, body, day, &run->rules->chosen);
    bool is_theirs =
        matter == NULL || !rule_is_word(matter->text, "charter membership land homestead "
                                                      "shares compensation merger");
    if (is_theirs || row == NULL || !str_equal(body, STR("member_representatives")) ||
        !str_equal(motion_text(motion, "result"), STR("passed"))) {
        return;
    }
    struct rule_law law = law_of(row);
    const struct schema_choice *choice = schema_choice(matter->row, matter->text);
    rule_tell(run, DIAG_RULE_COMPETENCE, matter->place, &law,
              DIAG_WITH(choice != NULL ? choice->zh : matter->text));
}

static void check_motion(struct rule_run *run, struct str body, const struct record_value *motion,
                         int64_t due, int64_t present)
{
    const struct record_field *yes = rule_subfield(motion, "yes"),
                              *result = rule_subfield(motion, "result");
    int64_t day = rule_field(run->record, "held")->number;
    check_competence(run, body, motion, day);
    const struct law_quorum *row = row_of_motion(run, body, motion, day);
    if (yes == NULL || result == NULL || str_equal(result->text, STR("deferred"))) {
        return;
    }
    struct rule_law law;
    int64_t needed = needed_votes(run, row, motion, due, present, &law);
    bool is_passed = str_equal(result->text, STR("passed"));
    if (needed == 0 || is_passed == (yes->number >= needed)) {
        return;
    }
    bool is_custom = row != NULL && row->profile.n > 0;
    enum diag_code code = is_custom   ? DIAG_RULE_VOTES_CUSTOM
                          : is_passed ? DIAG_RULE_NOT_PASSED
                                      : DIAG_RULE_PASSED;
    rule_tell(run, code, result->place, &law,
              DIAG_WITH(INT(yes->number), INT(needed), INT(due), INT(present)));
}

/* In some provinces most of the women among the representatives must be there. */
static void check_women(struct rule_run *run, struct str body, int64_t day)
{
    const struct record_field *due = rule_field(run->record, "due_women"),
                              *present = rule_field(run->record, "present_women");
    struct rule_law law = rule_law(run->rules, "women-present", day);
    struct law_share share = {2, 3, false};
    if (law.is_known && due != NULL && present != NULL && str_equal(body, STR("representatives")) &&
        !law_is_reached(share, present->number, due->number)) {
        rule_tell(
            run, DIAG_RULE_WOMEN, present->place, &law,
            DIAG_WITH(INT(due->number), INT(law_needed(share, due->number)), INT(present->number)));
    }
}

/* What was passed by nobody knows how many cannot be held against the law. */
static void check_counted(struct rule_run *run, const struct law_quorum *row,
                          const struct record_value *motion)
{
    static const char *const keys[] = {"due", "present"};
    const struct record_field *result = rule_subfield(motion, "result");
    struct str missing = {NULL, 0};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (rule_field(run->record, keys[i]) == NULL) {
            missing = arena_printf(run->arena, "%.*s%s%s", STR_ARG(missing),
                                   missing.n > 0 ? "、" : "", i == 0 ? "应到" : "实到");
        }
    }
    if (rule_subfield(motion, "yes") == NULL) {
        missing =
            arena_printf(run->arena, "%.*s%s赞成", STR_ARG(missing), missing.n > 0 ? "、" : "");
    }
    if (row != NULL && row->profile.n == 0 && missing.n > 0 && result != NULL &&
        str_equal(result->text, STR("passed")) &&
        !str_equal(motion_text(motion, "matter"), STR("election"))) {
        struct rule_law law = law_of(row);
        rule_tell(run, DIAG_RULE_UNCOUNTED, result->place, &law, DIAG_WITH(missing));
    }
}

/* A count of the table's row, or of the record where the table has no such column. */
static bool read_count(int64_t *out, const struct table *table, size_t row, ptrdiff_t column,
                       const struct record_field *field)
{
    if (column < 0) {
        *out = field != NULL ? field->number : 0;
        return field != NULL;
    }
    bool is_read = rule_number(out, rule_cell(table, row, (size_t)column)->text);
    *out /= RULE_SCALE;
    return is_read;
}

/* A table of votes is held against the law as the motions are. */
static void check_table(struct rule_run *run, const struct law_quorum *row,
                        const struct table *table)
{
    ptrdiff_t yes = rule_column(run, table, "赞成 同意"),
              result = rule_column(run, table, "结果 表决结果"),
              due = rule_column(run, table, "应到"), present = rule_column(run, table, "实到");
    struct rule_law law = law_of(row);
    for (size_t i = 0; yes >= 0 && result >= 0 && !table->is_ragged && i < table->row_count; i++) {
        const struct table_cell *cell = rule_cell(table, i, (size_t)result);
        int64_t n[3];
        bool is_passed = rule_is_word(cell->text, "通过 同意 表决通过");
        if ((!is_passed && !rule_is_word(cell->text, "未通过 不通过 否决")) ||
            !read_count(&n[0], table, i, yes, NULL) ||
            !read_count(&n[1], table, i, due, rule_field(run->record, "due")) ||
            !read_count(&n[2], table, i, present, rule_field(run->record, "present"))) {
            continue;
        }
        int64_t needed = law_needed(row->pass, row->is_of_due ? n[1] : n[2]);
        if (needed > 0 && is_passed != (n[0] >= needed)) {
            rule_tell(run, is_passed ? DIAG_RULE_NOT_PASSED : DIAG_RULE_PASSED,
                      rule_cell_place(table, cell), &law,
                      DIAG_WITH(INT(n[0]), INT(needed), INT(n[1]), INT(n[2])));
        }
    }
}

void rule_quorum(struct rule_run *run)
{
    const struct record_field *held = rule_field(run->record, "held"),
                              *due = rule_field(run->record, "due"),
                              *present = rule_field(run->record, "present");
    if (held == NULL) {
        return;
    }
    struct str body = body_of(run->record);
    const struct law_quorum *row =
        law_quorum(&run->rules->law, body, held->number, &run->rules->chosen);
    const struct record_value *motions = motions_of(run->record);
    for (size_t i = 0; motions != NULL && i < motions->count; i++) {
        check_counted(run, row, motions->items[i].value);
    }
    for (size_t i = 0; row != NULL && row->profile.n == 0 && i < run->record->table_count; i++) {
        check_table(run, row, &run->record->tables[i]);
    }
    if (due == NULL || present == NULL) {
        return;
    }
    if (row != NULL) {
        check_quorum(run, row, due, present);
    }
    check_women(run, body, held->number);
    for (size_t i = 0; motions != NULL && i < motions->count; i++) {
        check_motion(run, body, motions->items[i].value, due->number, present->number);
    }
}

static int64_t count_of(const struct record_value *motion, const char *key)
{
    const struct record_field *field = rule_subfield(motion, key);
    return field != NULL ? field->number : 0;
}

static void check_sum(struct rule_run *run, const struct record_value *motion,
                      const struct record_field *present)
{
    const struct record_field *yes = rule_subfield(motion, "yes");
    if (yes == NULL || str_equal(motion_text(motion, "matter"), STR("election"))) {
        return;
    }
    int64_t sum = yes->number + count_of(motion, "no") + count_of(motion, "abstain") +
                  count_of(motion, "not_voting");
    if (sum != present->number) {
        struct rule_law law = rule_law(run->rules, "archive", run->day);
        rule_tell(run, DIAG_RULE_VOTE_SUM, yes->place, &law,
                  DIAG_WITH(INT(yes->number), INT(count_of(motion, "no")),
                            INT(count_of(motion, "abstain") + count_of(motion, "not_voting")),
                            INT(sum), INT(present->number)));
    }
}

/* Those who are due, there and away: three numbers that must fit. */
static void check_attendance(struct rule_run *run, const struct record_field *present)
{
    static const struct row {
        const char *part, *whole;
    } rows[] = {{"present", "due"},
                {"proxies", "present"},
                {"present_women", "due_women"},
                {"present_women", "present"},
                {"due_women", "due"}};
    const struct record_field *due = rule_field(run->record, "due"),
                              *absent = rule_field(run->record, "absent");
    struct rule_law law = rule_law(run->rules, "archive", run->day);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct record_field *part = rule_field(run->record, rows[i].part),
                                  *whole = rule_field(run->record, rows[i].whole);
        if (part != NULL && whole != NULL && part->number > whole->number) {
            rule_tell(
                run, DIAG_RULE_TOO_MANY, part->place, &law,
                DIAG_WITH(INT(part->number), INT(whole->number), part->row->zh, whole->row->zh));
        }
    }
    size_t away = absent != NULL && absent->value != NULL ? absent->value->count : 0;
    if (due != NULL && away > 0 && present->number + (int64_t)away != due->number) {
        rule_tell(run, DIAG_RULE_ABSENT_SUM, absent->place, &law,
                  DIAG_WITH(INT(present->number), INT((int64_t)away), INT(due->number)));
    }
}

/* A table of votes in the body must add up as well. */
static void check_vote_table(struct rule_run *run, const struct table *table)
{
    static const char *const words[] = {"赞成 同意", "反对 不同意", "弃权", "未表决 未投票",
                                        "实到"};
    ptrdiff_t columns[5];
    for (size_t i = 0; i < 5; i++) {
        columns[i] = rule_column(run, table, words[i]);
    }
    if (columns[0] < 0 || columns[1] < 0 || columns[4] < 0) {
        return;
    }
    for (size_t row = 0; row < table->row_count; row++) {
        int64_t numbers[5] = {0}, sum = 0;
        bool is_read = true;
        for (size_t i = 0; i < 5; i++) {
            is_read = is_read &&
                      (columns[i] < 0 ||
                       rule_number(&numbers[i], rule_cell(table, row, (size_t)columns[i])->text) ||
                       i == 2 || i == 3);
            sum += i < 4 ? numbers[i] : 0;
        }
        if (is_read && sum != numbers[4]) {
            struct rule_law law = rule_law(run->rules, "archive", run->day);
            const struct table_cell *cell = rule_cell(table, row, (size_t)columns[0]);
            rule_tell(run, DIAG_RULE_VOTE_SUM, rule_cell_place(table, cell), &law,
                      DIAG_WITH(INT(numbers[0] / RULE_SCALE), INT(numbers[1] / RULE_SCALE),
                                INT((numbers[2] + numbers[3]) / RULE_SCALE), INT(sum / RULE_SCALE),
                                INT(numbers[4] / RULE_SCALE)));
        }
    }
}

void rule_votes(struct rule_run *run)
{
    const struct record_field *present = rule_field(run->record, "present");
    const struct record_value *motions = motions_of(run->record);
    if (present != NULL) {
        check_attendance(run, present);
    }
    for (size_t i = 0; present != NULL && motions != NULL && i < motions->count; i++) {
        check_sum(run, motions->items[i].value, present);
    }
    for (size_t i = 0; i < run->record->table_count; i++) {
        check_vote_table(run, &run->record->tables[i]);
    }
}

static void check_order(struct rule_run *run, const struct record_field *first,
                        const struct record_field *second)
{
    if (first != NULL && second != NULL && first->number > second->number) {
        struct rule_law law = rule_law(run->rules, "archive", run->day);
        rule_tell(run, DIAG_RULE_STEP_DATES, second->place, &law,
                  DIAG_WITH(first->row->zh, first->text, second->row->zh, second->text));
    }
}

/* Notice, meeting, publication; a decision's deadline behind its meeting. */
void rule_steps(struct rule_run *run)
{
    const struct record_field *held = rule_field(run->record, "held");
    check_order(run, rule_field(run->record, "notice_date"), held);
    if (str_equal(run->record->kind, STR("meeting"))) {
        check_order(run, held, rule_field(run->record, "date"));
        check_order(run, held, rule_field(run->record, "notice_start"));
    }
    const struct record_value *motions = motions_of(run->record);
    for (size_t i = 0; motions != NULL && i < motions->count; i++) {
        check_order(run, held, rule_subfield(motions->items[i].value, "deadline"));
        check_order(run, held, rule_subfield(motions->items[i].value, "done_date"));
    }
}

/* Is the motion about what article 28 lists? The writer says, else its words do. */
static bool is_village_item(const struct record_value *motion)
{
    struct str matter = motion_text(motion, "matter");
    if (matter.n > 0) {
        return rule_is_word(matter, "planning allowance funds public_works key_support");
    }
    return rule_has_word(motion_text(motion, "text"),
                         "村庄规划 误工补贴 筹资筹劳 一事一议 公益事业 重点帮扶 道路硬化 集体所得");
}

void rule_party_first(struct rule_run *run)
{
    const struct record_value *motions = motions_of(run->record);
    bool is_asked = rule_is_word(rule_text(run->record, "body"), "villagers representatives");
    if (!is_asked || motions == NULL || rule_field(run->record, "party_first") != NULL ||
        rule_field(run->record, "previous") != NULL) {
        return;
    }
    struct rule_law law =
        rule_law(run->rules, "party-first",
                 rule_field(run->record, "held") != NULL ? rule_field(run->record, "held")->number
                                                         : run->day);
    for (size_t i = 0; law.is_known && i < motions->count; i++) {
        const struct record_field *text = rule_subfield(motions->items[i].value, "text");
        if (text != NULL && is_village_item(motions->items[i].value)) {
            rule_tell(run, DIAG_RULE_PARTY_FIRST, text->place, &law, DIAG_WITH(text->text));
        }
    }
}

/* The accounts of a village are looked through by its supervisors before they are published. */
void rule_supervised(struct rule_run *run)
{
    const struct record_field *review = rule_field(run->record, "review");
    if (!str_equal(run->record->kind, STR("disclosure")) || !rule_is_of_village(run) ||
        !rule_is_finance(run)) {
        return;
    }
    struct rule_law law = rule_law(run->rules, "supervision", run->day);
    const struct record_field *title = record_field(run->record, STR("title"));
    const struct record_field *by = review != NULL ? rule_subfield(review->value, "by") : NULL;
    const struct record_field *on = review != NULL ? rule_subfield(review->value, "date") : NULL;
    const struct record_field *date = rule_field(run->record, "date");
    if (by == NULL || by->text.n == 0) {
        struct place place = review != NULL  ? review->place
                             : title != NULL ? title->place
                                             : (struct place){run->record->path, 1, 1};
        rule_tell(run, DIAG_RULE_UNSUPERVISED, place, &law, DIAG_PLAIN);
    } else if (on != NULL && date != NULL && on->number > date->number) {
        rule_tell(run, DIAG_RULE_SUPERVISED_LATE, on->place, &law, DIAG_WITH(on->text, date->text));
    }
}
