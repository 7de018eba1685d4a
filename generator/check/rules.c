#include "check/rules.h"

#include "check/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct rules_row rules_rows[] = {
    {"R01",
     "公示期",
     RULES_SCOPE_RECORD,
     {"posting-days", "candidate-days", "publication", "accuracy"},
     rule_posting,
     rule_posted_late,
     NULL,
     NULL},
    {"R02",
     "按期公开",
     RULES_SCOPE_RECORD,
     {"month-due", "quarter-due", "publication"},
     rule_due,
     rule_overdue,
     NULL,
     NULL},
    {"R03", "及时公开", RULES_SCOPE_RECORD, {"event-days"}, rule_event, NULL, NULL, NULL},
    {"R04", "目录覆盖", RULES_SCOPE_WHOLE, {"publication"}, NULL, rule_coverage, NULL, NULL},
    {"R05",
     "账表相符",
     RULES_SCOPE_RECORD,
     {"finance", "collective-finance"},
     rule_sums,
     NULL,
     NULL,
     NULL},
    {"R06",
     "期初等于上期期末",
     RULES_SCOPE_WHOLE,
     {"finance", "collective-finance"},
     NULL,
     rule_balances,
     NULL,
     NULL},
    {"R07", "逐项逐笔", RULES_SCOPE_RECORD, {"line-by-line"}, rule_line_by_line, NULL, NULL, NULL},
    {"R08",
     "到会和通过的人数",
     RULES_SCOPE_RECORD,
     {"women-present"},
     rule_quorum,
     NULL,
     NULL,
     NULL},
    {"R09",
     "会前通知",
     RULES_SCOPE_RECORD,
     {"notice-villagers", "notice-representatives", "notice-members"},
     rule_notice,
     NULL,
     NULL,
     NULL},
    {"R10", "票数相符", RULES_SCOPE_RECORD, {"archive"}, rule_votes, NULL, NULL, NULL},
    {"R11", "步骤和先后", RULES_SCOPE_RECORD, {"archive"}, rule_steps, rule_chain, NULL, NULL},
    {"R12",
     "先经党组织研究",
     RULES_SCOPE_RECORD,
     {"party-first"},
     rule_party_first,
     NULL,
     NULL,
     NULL},
    {"R13", "决定要有落实", RULES_SCOPE_WHOLE, {"publication"}, NULL, rule_decisions, NULL, NULL},
    {"R14",
     "监督委员会审核",
     RULES_SCOPE_RECORD,
     {"supervision"},
     rule_supervised,
     NULL,
     NULL,
     NULL},
    {"R15", "不得兼任", RULES_SCOPE_WHOLE, {"supervision"}, NULL, rule_posts, NULL, NULL},
    {"R16", "个人信息", RULES_SCOPE_ELSEWHERE, {NULL}, NULL, NULL, NULL, "check/record.c"},
    {"R17",
     "公开范围和期限",
     RULES_SCOPE_RECORD,
     {"assistance-privacy", "person-rows", "group-size", "retention"},
     rule_scope,
     rule_expired,
     NULL,
     NULL},
    {"R18",
     "未成年人",
     RULES_SCOPE_RECORD,
     {"minors", "young-children"},
     rule_minors,
     NULL,
     NULL,
     NULL},
    {"R19",
     "代码不是个人信息",
     RULES_SCOPE_ELSEWHERE,
     {NULL},
     NULL,
     NULL,
     NULL,
     "check/personal.c"},
    {"R20", "遮挡位置一致", RULES_SCOPE_ELSEWHERE, {NULL}, NULL, NULL, NULL, "check/record.c"},
    {"R21", "附件", RULES_SCOPE_ELSEWHERE, {NULL}, NULL, NULL, NULL, "check/attachment.c"},
    {"R22", "网页标签和页脚", RULES_SCOPE_SITE, {"site-tags"}, NULL, NULL, rule_site_footer, NULL},
    {"R23",
     "订阅和数据文件",
     RULES_SCOPE_ELSEWHERE,
     {NULL},
     NULL,
     NULL,
     NULL,
     "format/format.c, xml/xml.c"},
    {"R24",
     "站内链接",
     RULES_SCOPE_READER,
     {NULL},
     NULL,
     NULL,
     NULL,
     "record/markdown.c, record/field.c"},
    {"R25", "空白和停更的栏目", RULES_SCOPE_WHOLE, {"upkeep"}, NULL, rule_stale, NULL, NULL},
    {"R26", "公布后改动要更正", RULES_SCOPE_WHOLE, {"correction"}, NULL, rule_edited, NULL, NULL},
    {"R27",
     "担保、招待费、个人账户",
     RULES_SCOPE_RECORD,
     {"guarantee", "personal-account", "reception"},
     rule_words,
     NULL,
     NULL,
     NULL},
    {"R28",
     "影响评估和公开审查",
     RULES_SCOPE_RECORD,
     {"impact-assessment", "publication-review"},
     rule_clearance,
     NULL,
     NULL,
     NULL},
    {"R29",
     "索引号",
     RULES_SCOPE_RECORD,
     {"index-number"},
     rule_number_form,
     rule_numbers,
     NULL,
     NULL},
    {"R30", "日期先后", RULES_SCOPE_RECORD, {"publication"}, rule_dates, NULL, NULL, NULL},
    {"R31", "监督电话", RULES_SCOPE_RECORD, {"complaint"}, rule_contact, NULL, NULL, NULL},
    {"R32",
     "县里的数字不低于国家底线",
     RULES_SCOPE_SITE,
     {"posting-days"},
     NULL,
     NULL,
     rule_site_figures,
     NULL},
};

const size_t rules_row_count = sizeof rules_rows / sizeof rules_rows[0];

static void choose(struct rules *rules, struct str profile)
{
    const struct law_name *row = law_profile(&rules->law, profile);
    if (row != NULL && rules->chosen.count < LAW_PROFILES_MAX) {
        rules->chosen.keys[rules->chosen.count++] = row->key;
    }
}

static bool has_errors(const char *rule)
{
    for (int code = 0; code < DIAG_CODE_COUNT; code++) {
        if (strncmp(diag_code_text((enum diag_code)code), rule, 3) == 0 &&
            diag_code_level((enum diag_code)code) == DIAG_LEVEL_ERROR) {
            return true;
        }
    }
    return false;
}

static enum rules_level level_of(struct str text)
{
    static const struct word {
        const char *zh, *en;
        enum rules_level level;
    } words[] = {{"不查", "off", RULES_LEVEL_OFF},
                 {"提示", "note", RULES_LEVEL_NOTE},
                 {"警告", "warning", RULES_LEVEL_WARNING},
                 {"错误", "error", RULES_LEVEL_ERROR}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal(text, str_of(words[i].zh)) || str_equal(text, str_of(words[i].en))) {
            return words[i].level;
        }
    }
    return RULES_LEVEL_DEFAULT;
}

/* What the site says of a rule: a fault where it is none of ours, or one that may not be lowered.
 */
static void take_level(struct rules *rules, const struct config_setting *setting, struct diag *diag)
{
    enum rules_level level = level_of(setting->text);
    for (size_t i = 0; i < rules->row_count; i++) {
        if (!str_equal_nocase(setting->name, str_of(rules->rows[i].code))) {
            continue;
        }
        if (level == RULES_LEVEL_DEFAULT || rules->rows[i].scope == RULES_SCOPE_ELSEWHERE) {
            diag_add(diag, DIAG_RULE_LEVEL_BAD, setting->place,
                     DIAG_WITH(setting->name, setting->text));
        } else if (level != RULES_LEVEL_ERROR && has_errors(rules->rows[i].code)) {
            diag_add(diag, DIAG_RULE_LEVEL_LOW, setting->place,
                     DIAG_WITH(setting->name, str_of(rules->rows[i].about)));
        } else {
            rules->levels[i] = level;
        }
        return;
    }
    diag_add(diag, DIAG_RULE_LEVEL_BAD, setting->place, DIAG_WITH(setting->name, setting->text));
}

static void take_figure(struct rules *rules, struct arena *arena,
                        const struct config_setting *setting, struct diag *diag)
{
    const struct law_figure *figure = law_figure(&rules->law, setting->name);
    long value = str_number(setting->text, 1000000);
    if (figure == NULL || value <= 0) {
        diag_add(diag, DIAG_RULE_FIGURE_BAD, setting->place,
                 DIAG_WITH(setting->name, setting->text));
        return;
    }
    rules->own = arena_grow(arena, rules->own, rules->own_count, sizeof *rules->own);
    rules->own[rules->own_count++] = (struct rules_own){
        figure, value, setting->since.year > 0 ? date_to_days(setting->since) : -LAW_TO_THIS_DAY};
}

static void read_settings(struct rules *rules, struct arena *arena, struct diag *diag)
{
    const struct config_rules *asked = &rules->config->rules;
    if (asked->province.text.n > 0) {
        choose(rules, asked->province.text);
        if (rules->chosen.count == 0) {
            diag_add(diag, DIAG_RULE_PROVINCE_UNKNOWN, asked->province.place,
                     DIAG_WITH(asked->province.text));
        }
    }
    if (asked->has_party_meetings) {
        choose(rules, STR("party"));
    }
    for (size_t i = 0; i < asked->figure_count; i++) {
        take_figure(rules, arena, &asked->figures[i], diag);
    }
    for (size_t i = 0; i < asked->level_count; i++) {
        take_level(rules, &asked->levels[i], diag);
    }
}

static void check_site(const struct rules *rules, struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < rules->row_count; i++) {
        if (rules->rows[i].site != NULL && rules->levels[i] != RULES_LEVEL_OFF) {
            struct rule_run run = {.rules = rules,
                                   .row = &rules->rows[i],
                                   .arena = arena,
                                   .diag = diag,
                                   .day = rules->as_of};
            rules->rows[i].site(&run);
        }
    }
}

int rules_load(struct rules *out, struct arena *arena, const struct config *config,
               struct date as_of, struct date committed, struct diag *diag, struct fault *fault)
{
    return rules_load_rows(out, arena, config, as_of, committed, rules_rows, rules_row_count, diag,
                           fault);
}

int rules_load_rows(struct rules *out, struct arena *arena, const struct config *config,
                    struct date as_of, struct date committed, const struct rules_row *rows,
                    size_t row_count, struct diag *diag, struct fault *fault)
{
    int64_t day = date_to_days(as_of), commit_day = date_to_days(committed);
    *out = (struct rules){.config = config,
                          .as_of = day,
                          .today = day > commit_day ? day : commit_day,
                          .rows = rows,
                          .row_count = row_count};
    if (law_load(&out->law, arena, fault) != 0) {
        return -1;
    }
    if (config->is_given) {
        read_settings(out, arena, diag);
        check_site(out, arena, diag);
    }
    return 0;
}

bool rules_were_others(const struct rules *rules, int64_t day)
{
    for (size_t i = 0; i < rules->own_count; i++) {
        if ((day >= rules->own[i].since) != (rules->as_of >= rules->own[i].since)) {
            return true;
        }
    }
    return rules->config->is_given &&
           law_is_another(&rules->law, day, rules->as_of, &rules->chosen);
}

void rules_check_record(const struct rules *rules, const struct record *record, struct arena *arena,
                        struct diag *diag)
{
    if (record->is_draft || rule_field(record, "withdrawn") != NULL) {
        return;
    }
    struct rule_run run = {.rules = rules,
                           .record = record,
                           .columns = rule_columns_read(arena, record),
                           .arena = arena,
                           .diag = diag,
                           .day = record->date.year > 0 ? date_to_days(record->date) : rules->as_of,
                           .org = record->org.n > 0 ? config_org(rules->config, record->org) : NULL,
                           .item = record->item.n > 0 ? config_item(rules->config, record->item)
                                                      : NULL};
    for (size_t i = 0; i < rules->row_count; i++) {
        run.row = &rules->rows[i];
        if (run.row->record != NULL && rules->levels[i] != RULES_LEVEL_OFF) {
            run.row->record(&run);
        }
    }
    for (size_t i = 0; i < record->table_count && diag->count > 0; i++) {
        if (record->tables[i].is_csv) {
            diag_quote_other(diag, record->tables[i].source, record->tables[i].text);
        }
    }
}

static enum diag_level own_level(enum rules_level level)
{
    static const enum diag_level levels[] = {[RULES_LEVEL_NOTE] = DIAG_LEVEL_NOTE,
                                             [RULES_LEVEL_WARNING] = DIAG_LEVEL_WARNING,
                                             [RULES_LEVEL_ERROR] = DIAG_LEVEL_ERROR};
    return level == RULES_LEVEL_OFF ? DIAG_LEVEL_NOTE : levels[level];
}

void rules_settle(const struct rules *rules, struct diag *diag)
{
    for (size_t i = 0; i < rules->row_count; i++) {
        enum rules_level level = rules->levels[i];
        bool is_set = rules->rows[i].scope == RULES_SCOPE_READER && level != RULES_LEVEL_DEFAULT;
        for (size_t k = 0; is_set && k < diag->count; k++) {
            if (diag->entries[k].code == DIAG_LINK_MISSING) {
                diag->error_count -= diag->entries[k].level == DIAG_LEVEL_ERROR;
                diag->entries[k].level = own_level(level);
                diag->error_count += diag->entries[k].level == DIAG_LEVEL_ERROR;
            }
        }
    }
}

void rules_settle_withdrawn(struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        struct diag_entry *entry = &diag->entries[i];
        if (entry->code == DIAG_LINK_MISSING || entry->code == DIAG_FIELD_LINK_BROKEN) {
            diag->error_count -= entry->level == DIAG_LEVEL_ERROR;
            entry->level = DIAG_LEVEL_NOTE;
        }
    }
}

/* What only who brings a record is told can refuse nothing: the next commit would be published. */
static enum rules_level highest(enum diag_code code)
{
    return code == DIAG_RULE_POSTING_CAME_LATE ? RULES_LEVEL_WARNING : RULES_LEVEL_ERROR;
}

static enum diag_level level_for(const struct rules *rules, const struct rules_row *row,
                                 enum diag_code code)
{
    enum rules_level own = rules->levels[row - rules->rows];
    own = own > highest(code) ? highest(code) : own;
    if (!rules->config->is_given) {
        return DIAG_LEVEL_NOTE;
    }
    return own >= RULES_LEVEL_NOTE && diag_code_level(code) != DIAG_LEVEL_ERROR
               ? own_level(own)
               : diag_code_level(code);
}

void rule_tell(struct rule_run *run, enum diag_code code, struct place place,
               const struct rule_law *law, struct diag_args args)
{
    if (law != NULL) {
        args.law[0] = law->cite[0];
        args.law[1] = law->cite[1];
    }
    diag_add_at(run->diag, code, level_for(run->rules, run->row, code), place, args);
}

static struct rules_finding *add_finding(struct rule_whole *whole, enum diag_code code,
                                         const struct rule_law *law, const struct diag_args *args)
{
    struct rules_findings *out = whole->out;
    out->items = arena_grow(whole->arena, out->items, out->count, sizeof *out->items);
    struct rules_finding *finding = &out->items[out->count++];
    *finding =
        (struct rules_finding){.code = code, .level = level_for(whole->rules, whole->row, code)};
    for (size_t i = 0; i < DIAG_ARGS_MAX; i++) {
        finding->args.v[i] = arena_copy(whole->arena, args->v[i]);
    }
    if (law != NULL) {
        finding->args.law[0] = law->cite[0];
        finding->args.law[1] = law->cite[1];
    }
    return finding;
}

void rule_find(struct rule_whole *whole, enum diag_code code, struct str path, const char *field,
               const struct rule_law *law, struct diag_args args)
{
    struct rules_finding *finding = add_finding(whole, code, law, &args);
    finding->path = arena_copy(whole->arena, path);
    finding->field = arena_copy(whole->arena, str_of(field));
}

void rule_find_config(struct rule_whole *whole, enum diag_code code, int line,
                      const struct rule_law *law, struct diag_args args)
{
    struct rules_finding *finding = add_finding(whole, code, law, &args);
    finding->path = whole->rules->config->path;
    finding->place = (struct place){finding->path, line, line > 0 ? 1 : 0};
}

/* The site's own figure, where it is stricter than the law's. */
static void add_own(struct rule_law *out, const struct rules *rules, struct str key, int64_t day)
{
    for (size_t i = 0; i < rules->own_count; i++) {
        const struct rules_own *own = &rules->own[i];
        if (!str_equal(own->figure->key, key) || day < own->since) {
            continue;
        }
        if (!out->is_known || law_is_stricter(&rules->law, key, own->value, out->figure)) {
            *out = (struct rule_law){
                true, own->value, {STR("本县规定"), STR("the county's own rule")}};
        }
    }
}

struct rule_law rule_law(const struct rules *rules, const char *key, int64_t day)
{
    const struct law_fact *fact = law_find(&rules->law, str_of(key), day, &rules->chosen);
    struct rule_law out = {.is_known = fact != NULL};
    if (fact != NULL) {
        out.figure = fact->figure;
        out.cite[0] = fact->cite[0];
        out.cite[1] = fact->cite[1];
    }
    add_own(&out, rules, str_of(key), day);
    return out;
}

/*
 * What the rules ask about. Whole: every record. Else the touched ones (is_touched 1) and those
 * whose faults they can cause: periods of their organisation and item, or of a ledger that is gone,
 * with their index number, before and behind them in a chain of steps.
 */
static const char make_tables[] =
    "CREATE TEMP TABLE rule_record (id INTEGER PRIMARY KEY, is_touched INTEGER NOT NULL);"
    "CREATE TEMP TABLE rule_org (org TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE rule_touched (path TEXT PRIMARY KEY) WITHOUT ROWID;";
static const char take_all[] =
    "INSERT INTO temp.rule_record SELECT id, 1 FROM records WHERE kind <> 'page'"
    " OR index_number <> '' OR item <> '';"
    "INSERT INTO temp.rule_org SELECT key FROM organisations;";
static const char take_neighbours[] =
    "INSERT OR IGNORE INTO temp.rule_org SELECT DISTINCT org FROM records WHERE id IN"
    " (SELECT id FROM temp.rule_record);"
    "INSERT OR IGNORE INTO temp.rule_record SELECT near.id, 0 FROM temp.rule_record AS touched"
    " CROSS JOIN records ON records.id = touched.id"
    " CROSS JOIN records AS near ON near.index_number = records.index_number"
    " AND near.index_number <> '' WHERE touched.is_touched;"
    "INSERT OR IGNORE INTO temp.rule_record SELECT near.id, 0 FROM temp.rule_touched AS touched"
    " CROSS JOIN withdrawals AS gone ON gone.path = touched.path"
    " CROSS JOIN records AS near ON near.index_number = gone.index_number"
    " AND near.index_number <> '';"
    "INSERT OR IGNORE INTO temp.rule_record SELECT near.id, 0 FROM temp.rule_record AS touched"
    " CROSS JOIN records ON records.id = touched.id"
    " CROSS JOIN records AS near ON near.org = records.org AND near.item = records.item"
    " WHERE touched.is_touched AND records.item <> ''"
    " AND json_extract(records.fields, '$.period') IS NOT NULL;"
    "INSERT OR IGNORE INTO temp.rule_record SELECT near.id, 0 FROM temp.rule_lost AS lost"
    " CROSS JOIN records AS near ON near.org = lost.org AND near.item = lost.item;"
    "INSERT OR IGNORE INTO temp.rule_record SELECT near.id, 0 FROM temp.rule_record AS touched"
    " CROSS JOIN links ON links.record = touched.id"
    " CROSS JOIN records AS near ON near.path = links.target WHERE touched.is_touched;"
    "INSERT OR IGNORE INTO temp.rule_record SELECT links.record, 0 FROM temp.rule_record AS touched"
    " CROSS JOIN records ON records.id = touched.id"
    " CROSS JOIN links ON links.target = records.path WHERE touched.is_touched;";

static void take_records(struct database *db, const struct set *touched)
{
    database_run(db, make_tables);
    rule_numbers_begin(db);
    if (touched == NULL) {
        database_run(db, take_all);
        return;
    }
    for (size_t i = 0; i < touched->count; i++) {
        struct query *query =
            database_query(db, "INSERT OR IGNORE INTO temp.rule_touched VALUES (?1)");
        query_bind_str(query, 1, touched->items[i]);
        query_run(query);
    }
    database_run(db, "INSERT INTO temp.rule_record SELECT id, 1 FROM temp.rule_touched AS t"
                     " CROSS JOIN records AS r ON r.path = t.path;");
    database_run(db, take_neighbours);
}

static int compare_findings(const void *a, const void *b)
{
    const struct rules_finding *x = a, *y = b;
    int order = str_compare(x->path, y->path);
    order = order != 0 ? order : (int)x->code - (int)y->code;
    order = order != 0 ? order : str_compare(x->field, y->field);
    return order != 0 ? order : str_compare(x->args.v[0], y->args.v[0]);
}

/* A warning that the site calls an error may come with time, or from what was not touched. */
static bool has_raised(const struct rules *rules)
{
    for (size_t i = 0; i < rules->row_count; i++) {
        if (rules->rows[i].whole != NULL && rules->levels[i] == RULES_LEVEL_ERROR) {
            return true;
        }
    }
    return false;
}

int rules_check_whole(const struct rules *rules, struct database *db, const struct set *touched,
                      const struct rules_ages *ages, struct arena *arena,
                      struct rules_findings *out, struct fault *fault)
{
    *out = (struct rules_findings){0};
    touched = has_raised(rules) ? NULL : touched;
    take_records(db, touched);
    struct rule_whole whole = {.rules = rules,
                               .db = db,
                               .arena = arena,
                               .out = out,
                               .is_whole = touched == NULL,
                               .ages = ages,
                               .fault = fault};
    for (size_t i = 0; i < rules->row_count; i++) {
        whole.row = &rules->rows[i];
        if (whole.row->whole != NULL && rules->levels[i] != RULES_LEVEL_OFF) {
            whole.row->whole(&whole);
        }
    }
    database_run(
        db, "DROP TABLE temp.rule_record; DROP TABLE temp.rule_org; DROP TABLE temp.rule_touched;");
    rule_numbers_end(db);
    if (out->count > 1) {
        qsort(out->items, out->count, sizeof *out->items, compare_findings);
    }
    return whole.has_failed ? -1 : database_check(db, fault);
}

static const struct record_field *find_field(const struct record_field *fields, size_t count,
                                             struct str key)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(fields[i].key, key)) {
            return &fields[i];
        }
    }
    return NULL;
}

struct place rules_place(const struct record *record, struct str field)
{
    const struct record_field *fields = record->fields, *found = NULL;
    size_t count = record->field_count;
    struct str part;
    struct place place = {record->path, 1, 1};
    const struct record_field *title = record_field(record, STR("title"));
    place = title != NULL ? title->place : place;
    while (fields != NULL && str_cut(&part, &field, '.')) {
        long index = str_number(part, 100000);
        found = index < 0               ? find_field(fields, count, part)
                : (size_t)index < count ? &fields[index]
                                        : NULL;
        if (found == NULL) {
            break;
        }
        place = found->place.line > 0 ? found->place : place;
        fields = found->value != NULL ? found->value->items : NULL;
        count = found->value != NULL ? found->value->count : 0;
    }
    return place;
}
