/* Organisations and catalogue items of the configuration. */
#include "record/config_reader.h"

#define COUNT(rows) (sizeof rows / sizeof rows[0])

/* A word of ours and the Chinese for it. */
struct word {
    struct str key, zh;
};

static void take_word(struct config_reader *reader, struct str *out, struct str name,
                      const struct yaml_node *node, const struct word *words, size_t count)
{
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    struct buf all = BUF_EMPTY;
    for (size_t i = 0; i < count; i++) {
        if (str_equal(text, words[i].key) || str_equal(text, words[i].zh)) {
            *out = words[i].key;
            buf_free(&all);
            return;
        }
        buf_printf(&all, "%s%.*s %.*s", i > 0 ? "、" : "", STR_ARG(words[i].key),
                   STR_ARG(words[i].zh));
    }
    config_add(reader, DIAG_CHOICE_UNKNOWN, node, DIAG_WITH(name, text, buf_str(&all)));
    buf_free(&all);
}

static const struct word org_types[] = {
    {{"county", 6}, {"县", 3}},
    {{"department", 10}, {"部门", 6}},
    {{"township", 8}, {"乡镇", 6}},
    {{"village", 7}, {"村", 3}},
    {{"branch", 6}, {"党支部", 9}},
    {{"committee", 9}, {"村委会", 9}},
    {{"collective", 10}, {"集体经济组织", 18}},
    {{"supervision", 11}, {"监委会", 9}},
    {{"partner", 7}, {"合作单位", 12}},
};

static const struct word periods[] = {
    {{"month", 5}, {"每月", 6}}, {{"quarter", 7}, {"每季度", 9}}, {{"half-year", 9}, {"每半年", 9}},
    {{"year", 4}, {"每年", 6}},  {{"event", 5}, {"及时", 6}},
};

static void read_text(struct config_reader *reader, void *out, struct str name,
                      const struct yaml_node *node)
{
    config_take_text(reader, out, name, node);
}

static void read_org_type(struct config_reader *reader, void *out, struct str name,
                          const struct yaml_node *node)
{
    take_word(reader, out, name, node, org_types, COUNT(org_types));
}

static void read_every(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node)
{
    take_word(reader, out, name, node, periods, COUNT(periods));
}

static bool is_key(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool is_letter = s.p[i] >= 'a' && s.p[i] <= 'z';
        if (!is_letter && s.p[i] != '-' && !(s.p[i] >= '0' && s.p[i] <= '9')) {
            return false;
        }
    }
    return s.n > 0 && s.n <= 64;
}

static void read_key(struct config_reader *reader, void *out, struct str name,
                     const struct yaml_node *node)
{
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    if (!is_key(text)) {
        config_add(reader, DIAG_CONFIG_KEY, node, DIAG_WITH(text));
        return;
    }
    *(struct str *)out = text;
}

static void read_code(struct config_reader *reader, void *out, struct str name,
                      const struct yaml_node *node)
{
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    if (text.n != 12 || str_number(text, 999999999999) < 0) {
        config_add(reader, DIAG_CONFIG_CODE, node, DIAG_WITH(text));
        return;
    }
    *(struct str *)out = text;
}

/* An organisation code as GB 11714 has it, without its hyphen. */
static void read_agency(struct config_reader *reader, void *out, struct str name,
                        const struct yaml_node *node)
{
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    size_t n = 0;
    while (n < text.n &&
           ((text.p[n] >= '0' && text.p[n] <= '9') || (text.p[n] >= 'A' && text.p[n] <= 'Z'))) {
        n++;
    }
    if (n != 9 || text.n != 9) {
        config_add(reader, DIAG_CONFIG_AGENCY, node, DIAG_WITH(text));
        return;
    }
    *(struct str *)out = text;
}

/* A folder without "./" before and "/" behind it; false where it leads elsewhere. */
static bool clean_folder(struct str *out, struct str s)
{
    while (str_starts(s, STR("./"))) {
        s = str_from(s, 2);
    }
    while (s.n > 1 && str_ends(s, STR("/"))) {
        s.n--;
    }
    *out = s.n == 0 ? STR(".") : s;
    if (str_starts(s, STR("/")) || str_find_char(s, '\\') >= 0) {
        return false;
    }
    bool is_whole = str_equal(*out, STR("."));
    for (struct str part; !is_whole && str_cut(&part, &s, '/');) {
        if (part.n == 0 || str_equal(part, STR(".")) || str_equal(part, STR(".."))) {
            return false;
        }
    }
    return true;
}

static void read_folder(struct config_reader *reader, void *out, struct str name,
                        const struct yaml_node *node)
{
    struct str text, folder;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    if (!clean_folder(&folder, text)) {
        config_add(reader, DIAG_CONFIG_FOLDER, node, DIAG_WITH(text));
        return;
    }
    *(struct str *)out = folder;
}

static void take_integer(struct config_reader *reader, int *out, struct str name,
                         const struct yaml_node *node, int min, int max)
{
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    long number = str_number(text, max);
    if (number < min) {
        config_add(reader, DIAG_CONFIG_DUE, node,
                   DIAG_WITH(name, arena_printf(reader->arena, "%d–%d", min, max)));
        return;
    }
    *out = (int)number;
}

static void read_due(struct config_reader *reader, void *out, struct str name,
                     const struct yaml_node *node)
{
    take_integer(reader, out, name, node, 1, 31);
}

static void read_notice_days(struct config_reader *reader, void *out, struct str name,
                             const struct yaml_node *node)
{
    take_integer(reader, out, name, node, 1, 366);
}

/* Children are read behind their parent, see read_org. */
static void read_later(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node)
{
    (void)out;
    if (node->kind != YAML_KIND_LIST) {
        config_add(reader, DIAG_FIELD_NOT_LIST, node, DIAG_WITH(name));
    }
}

#define ORG(member) offsetof(struct config_org, member)
static const struct config_row org_rows[] = {
    {{"key", 3}, {"代号", 6}, read_key, ORG(key), true},
    {{"name", 4}, {"名称", 6}, read_text, ORG(name), true},
    {{"type", 4}, {"类型", 6}, read_org_type, ORG(type), true},
    {{"code", 4}, {"区划代码", 12}, read_code, ORG(code), false},
    {{"folder", 6}, {"文件夹", 9}, read_folder, ORG(folder), false},
    {{"agency", 6}, {"机构代码", 12}, read_agency, ORG(agency), false},
    {{"children", 8}, {"下级", 6}, read_later, 0, false},
};

static void read_org_list(struct config_reader *reader, const struct config_org *parent,
                          struct str name, const struct yaml_node *node);

static void add_org(struct config_reader *reader, const struct config_org *org, int line)
{
    struct config *config = reader->config;
    config->orgs = arena_grow(reader->arena, config->orgs, config->org_count, sizeof *org);
    reader->org_lines =
        arena_grow(reader->arena, reader->org_lines, config->org_count, sizeof line);
    config->orgs[config->org_count] = *org;
    reader->org_lines[config->org_count++] = line;
}

static void read_org(struct config_reader *reader, const struct config_org *parent, struct str name,
                     const struct yaml_node *node)
{
    if (node->kind != YAML_KIND_MAP) {
        config_add(reader, DIAG_FIELD_NOT_MAP, node, DIAG_WITH(name));
        return;
    }
    struct config_org org = {.parent = parent != NULL ? parent->key : STR(""),
                             .depth = parent != NULL ? parent->depth + 1 : 0};
    config_read_map(reader, &org, org_rows, COUNT(org_rows), node);
    struct str above = parent != NULL ? parent->lineage : STR("/");
    org.lineage = arena_printf(reader->arena, "%.*s%.*s/", STR_ARG(above), STR_ARG(org.key));
    org.line = node->line;
    if (org.key.n > 0) {
        add_org(reader, &org, node->line);
    }
    for (size_t i = 0; i < node->count; i++) {
        struct str key = node->pairs[i].key.text;
        if (str_equal(key, STR("children")) || str_equal(key, STR("下级"))) {
            read_org_list(reader, &org, key, &node->pairs[i].value);
        }
    }
}

/* What is no list was told of where the key was read. */
static void read_org_list(struct config_reader *reader, const struct config_org *parent,
                          struct str name, const struct yaml_node *node)
{
    for (size_t i = 0; node->kind == YAML_KIND_LIST && i < node->count; i++) {
        read_org(reader, parent, name, &node->pairs[i].value);
    }
}

static void index_name(struct config_reader *reader, struct config_names *names, struct str name,
                       size_t number, const int *lines, enum diag_code twice)
{
    ptrdiff_t before = name.n > 0 ? config_names_add(names, name, number) : -1;
    if (before >= 0 && (size_t)before != number) {
        struct place place = {reader->path, lines[number], 1};
        diag_add(reader->diag, twice, place,
                 DIAG_WITH(name, arena_printf(reader->arena, "%d", lines[before])));
    }
}

void config_read_orgs(struct config_reader *reader, void *out, struct str name,
                      const struct yaml_node *node)
{
    struct config *config = out;
    read_later(reader, out, name, node);
    read_org_list(reader, NULL, name, node);
    config_names_init(&reader->index->orgs, reader->arena, config->org_count * 2);
    config_names_init(&reader->index->folders, reader->arena, config->org_count);
    for (size_t i = 0; i < config->org_count; i++) {
        const struct config_org *org = &config->orgs[i];
        index_name(reader, &reader->index->orgs, org->key, i, reader->org_lines,
                   DIAG_CONFIG_KEY_TWICE);
        index_name(reader, &reader->index->orgs, org->name, i, reader->org_lines,
                   DIAG_CONFIG_NAME_TWICE);
        index_name(reader, &reader->index->folders, org->folder, i, reader->org_lines,
                   DIAG_CONFIG_FOLDER_TWICE);
    }
}

/* Types of organisations. */
static void read_issuers(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node)
{
    struct config_item *item = out;
    if (node->kind != YAML_KIND_LIST) {
        config_add(reader, DIAG_FIELD_NOT_LIST, node, DIAG_WITH(name));
        return;
    }
    item->issuers = arena_array(reader->arena, node->count, sizeof *item->issuers);
    for (size_t i = 0; i < node->count; i++) {
        struct str type = {NULL, 0};
        read_org_type(reader, &type, name, &node->pairs[i].value);
        if (type.n > 0) {
            item->issuers[item->issuer_count++] = type;
        }
    }
}

/* Folders whose files are no part of the site. */
void config_read_ignored(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node)
{
    struct config *config = out;
    read_later(reader, out, name, node);
    if (node->kind != YAML_KIND_LIST) {
        return;
    }
    config->ignored = arena_array(reader->arena, node->count, sizeof *config->ignored);
    for (size_t i = 0; i < node->count; i++) {
        struct str folder = STR(".");
        read_folder(reader, &folder, name, &node->pairs[i].value);
        if (!str_equal(folder, STR("."))) { /* all of it is no site */
            config->ignored[config->ignored_count++] = folder;
        }
    }
}

#define ITEM(member) offsetof(struct config_item, member)
static const struct config_row item_rows[] = {
    {{"key", 3}, {"代号", 6}, read_key, ITEM(key), true},
    {{"name", 4}, {"名称", 6}, read_text, ITEM(name), true},
    {{"category", 8}, {"类别", 6}, read_text, ITEM(category), true},
    {{"every", 5}, {"周期", 6}, read_every, ITEM(every), false},
    {{"due", 3}, {"截止日", 9}, read_due, ITEM(due), false},
    {{"notice_days", 11}, {"公示天数", 12}, read_notice_days, ITEM(notice_days), false},
    {{"issuers", 7}, {"公开主体", 12}, read_issuers, 0, false},
    {{"basis", 5}, {"依据", 6}, read_text, ITEM(basis), false},
    {{"content", 7}, {"内容", 6}, read_text, ITEM(content), false},
    {{"kind", 4}, {"类型", 6}, read_text, ITEM(kind), false},
    {{"table", 5}, {"表格", 6}, read_text, ITEM(table), false},
};

static void read_item(struct config_reader *reader, struct str name, const struct yaml_node *node)
{
    struct config *config = reader->config;
    struct config_item item = {.due = 0};
    if (node->kind != YAML_KIND_MAP) {
        config_add(reader, DIAG_FIELD_NOT_MAP, node, DIAG_WITH(name));
        return;
    }
    config_read_map(reader, &item, item_rows, COUNT(item_rows), node);
    if (item.key.n > 0) {
        item.line = node->line;
        reader->item_lines[config->item_count] = node->line;
        config->items[config->item_count++] = item;
    }
}

void config_read_items(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node)
{
    struct config *config = out;
    read_later(reader, out, name, node);
    if (node->kind != YAML_KIND_LIST) {
        return;
    }
    config->items = arena_array(reader->arena, node->count, sizeof *config->items);
    reader->item_lines = arena_array(reader->arena, node->count, sizeof *reader->item_lines);
    for (size_t i = 0; i < node->count; i++) {
        read_item(reader, name, &node->pairs[i].value);
    }
    config_names_init(&reader->index->items, reader->arena, config->item_count * 2);
    for (size_t i = 0; i < config->item_count; i++) {
        index_name(reader, &reader->index->items, config->items[i].key, i, reader->item_lines,
                   DIAG_CONFIG_KEY_TWICE);
        index_name(reader, &reader->index->items, config->items[i].name, i, reader->item_lines,
                   DIAG_CONFIG_NAME_TWICE);
    }
}
