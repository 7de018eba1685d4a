#include "record/config_reader.h"

#include "record/number.h"
#include "record/suggest.h"
#include "record/text.h"

#include <string.h>

enum { ROWS_MAX = 32 };

void config_add(struct config_reader *reader, enum diag_code code, const struct yaml_node *node,
                struct diag_args args)
{
    diag_add(reader->diag, code, yaml_place(reader->path, node), args);
}

bool config_take_text(struct config_reader *reader, struct str *out, struct str name,
                      const struct yaml_node *node)
{
    if (node->kind != YAML_KIND_SCALAR) {
        config_add(reader, DIAG_FIELD_NOT_TEXT, node, DIAG_WITH(name));
        return false;
    }
    *out = str_trim(node->text);
    return true;
}

static const struct config_row *find_row(const struct config_row *rows, size_t count,
                                         struct str key)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(rows[i].key, key) || str_equal(rows[i].zh, key)) {
            return &rows[i];
        }
    }
    return NULL;
}

static void refuse_unknown(struct config_reader *reader, const struct config_row *rows,
                           size_t count, const struct yaml_node *key)
{
    struct suggest suggest = {.wanted = key->text};
    for (size_t i = 0; i < count; i++) {
        suggest_offer(&suggest, rows[i].zh);
        suggest_offer(&suggest, rows[i].key);
    }
    config_add(reader, suggest.best.n > 0 ? DIAG_FIELD_MISSPELT : DIAG_FIELD_UNKNOWN, key,
               DIAG_WITH(key->text, suggest.best));
}

void config_read_map(struct config_reader *reader, void *out, const struct config_row *rows,
                     size_t count, const struct yaml_node *node)
{
    int lines[ROWS_MAX] = {0}; /* where each row's key stood; 0: nowhere yet */
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = &node->pairs[i].key, *value = &node->pairs[i].value;
        const struct config_row *row = find_row(rows, count, key->text);
        if (row == NULL) {
            refuse_unknown(reader, rows, count, key);
            continue;
        }
        int *line = &lines[row - rows];
        if (*line != 0) {
            config_add(reader, DIAG_FIELD_TWICE, key,
                       DIAG_WITH(key->text, arena_printf(reader->arena, "%d", *line)));
            continue;
        }
        *line = yaml_is_null(value) ? 0 : key->line;
        if (*line != 0) {
            row->read(reader, (char *)out + row->offset, key->text, value);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].is_required && lines[i] == 0) {
            config_add(reader, DIAG_FIELD_MISSING, node,
                       DIAG_WITH(rows[i].zh, rows[i].key, rows[i].key));
        }
    }
}

static void read_text(struct config_reader *reader, void *out, struct str name,
                      const struct yaml_node *node)
{
    config_take_text(reader, out, name, node);
}

static bool is_url(struct str url)
{
    struct str rest = url;
    if (str_starts(url, STR("https://"))) {
        rest = str_from(url, 8);
    } else if (str_starts(url, STR("http://"))) {
        rest = str_from(url, 7);
    } else {
        return false;
    }
    for (size_t i = 0; i < rest.n; i++) {
        unsigned char c = (unsigned char)rest.p[i];
        if (c <= ' ' || c >= 0x7f || strchr("?#\\\"<>^`{|}@", c) != NULL) {
            return false;
        }
    }
    return rest.n > 0 && rest.p[0] != '/' && rest.p[0] != ':';
}

static void read_url(struct config_reader *reader, void *out, struct str name,
                     const struct yaml_node *node)
{
    struct str url;
    if (!config_take_text(reader, &url, name, node)) {
        return;
    }
    if (!is_url(url)) {
        config_add(reader, DIAG_CONFIG_URL, node, DIAG_WITH(name, url));
        return;
    }
    *(struct str *)out = url;
}

static void read_language(struct config_reader *reader, void *out, struct str name,
                          const struct yaml_node *node)
{
    static const struct pair {
        const char *written, *meant;
    } languages[] = {{"zh-CN", "zh-CN"}, {"zh", "zh-CN"}, {"zh-Hans", "zh-CN"},
                     {"中文", "zh-CN"},  {"en", "en"},    {"英文", "en"}};
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (str_equal_nocase(text, str_of(languages[i].written))) {
            *(struct str *)out = str_of(languages[i].meant);
            return;
        }
    }
    config_add(reader, DIAG_CONFIG_LANGUAGE, node, DIAG_WITH(text));
}

/* +08:00 or -03:30. */
static bool parse_offset(int *out, struct str s)
{
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':') {
        return false;
    }
    long hours = str_number(str_slice(s, 1, 3), 14), minutes = str_number(str_from(s, 4), 59);
    if (hours < 0 || minutes < 0) {
        return false;
    }
    int seconds = (int)(hours * 3600 + minutes * 60);
    *out = s.p[0] == '-' ? -seconds : seconds;
    return true;
}

static void read_zone(struct config_reader *reader, void *out, struct str name,
                      const struct yaml_node *node)
{
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    if (str_equal_nocase(text, STR("Asia/Shanghai")) || str_equal(text, STR("北京时间"))) {
        *(int *)out = 8 * 3600;
    } else if (str_equal_nocase(text, STR("UTC")) || str_equal(text, STR("Z"))) {
        *(int *)out = 0;
    } else if (!parse_offset(out, text)) {
        config_add(reader, DIAG_CONFIG_ZONE, node, DIAG_WITH(text));
    }
}

static void read_group(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node, const struct config_row *rows, size_t count)
{
    if (node->kind != YAML_KIND_MAP) {
        config_add(reader, DIAG_FIELD_NOT_MAP, node, DIAG_WITH(name));
        return;
    }
    config_read_map(reader, out, rows, count, node);
}

#define AT(member) offsetof(struct config, member)
#define COUNT(rows) (sizeof rows / sizeof rows[0])

static void read_licence(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node)
{
    static const struct config_row rows[] = {
        {{"name", 4}, {"名称", 6}, read_text, AT(licence_name), true},
        {{"url", 3}, {"网址", 6}, read_url, AT(licence_url), false},
    };
    read_group(reader, out, name, node, rows, COUNT(rows));
}

static void read_contact(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node)
{
    static const struct config_row rows[] = {
        {{"phone", 5}, {"电话", 6}, read_text, AT(phone), false},
        {{"address", 7}, {"地址", 6}, read_text, AT(address), false},
        {{"mail", 4}, {"邮箱", 6}, read_text, AT(mail), false},
    };
    read_group(reader, out, name, node, rows, COUNT(rows));
}

static void read_footer(struct config_reader *reader, void *out, struct str name,
                        const struct yaml_node *node)
{
    static const struct config_row rows[] = {
        {{"host", 4}, {"主办单位", 12}, read_text, AT(host), false},
        {{"icp", 3}, {"备案号", 9}, read_text, AT(icp), false},
        {{"police", 6}, {"公安备案号", 15}, read_text, AT(police), false},
        {{"site_code", 9}, {"网站标识码", 15}, read_text, AT(site_code), false},
        {{"mark_url", 8}, {"党政机关标识", 18}, read_url, AT(mark_url), false},
        {{"report_url", 10}, {"网站找错", 12}, read_url, AT(report_url), false},
    };
    read_group(reader, out, name, node, rows, COUNT(rows));
}

static void read_synonym(struct config_reader *reader, struct config_synonym *out, struct str name,
                         const struct yaml_node *node)
{
    if (node->kind != YAML_KIND_LIST || node->count < 2) {
        config_add(reader, DIAG_CONFIG_SYNONYM, node, DIAG_PLAIN);
        return;
    }
    out->words = arena_array(reader->arena, node->count, sizeof *out->words);
    for (size_t i = 0; i < node->count; i++) {
        struct str word = {NULL, 0};
        if (config_take_text(reader, &word, name, &node->pairs[i].value) && word.n > 0) {
            out->words[out->count++] = word;
        }
    }
}

static void read_synonyms(struct config_reader *reader, void *out, struct str name,
                          const struct yaml_node *node)
{
    struct config *config = out;
    if (node->kind != YAML_KIND_LIST) {
        config_add(reader, DIAG_FIELD_NOT_LIST, node, DIAG_WITH(name));
        return;
    }
    config->synonyms = arena_array(reader->arena, node->count, sizeof *config->synonyms);
    for (size_t i = 0; i < node->count; i++) {
        struct config_synonym synonym = {NULL, 0};
        read_synonym(reader, &synonym, name, &node->pairs[i].value);
        if (synonym.count >= 2) {
            config->synonyms[config->synonym_count++] = synonym;
        }
    }
}

static const struct config_row site_rows[] = {
    {{"title", 5}, {"标题", 6}, read_text, AT(title), true},
    {{"description", 11}, {"简介", 6}, read_text, AT(description), false},
    {{"url", 3}, {"网址", 6}, read_url, AT(url), true},
    {{"language", 8}, {"语言", 6}, read_language, AT(language), false},
    {{"time_zone", 9}, {"时区", 6}, read_zone, AT(utc_offset), false},
    {{"licence", 7}, {"许可", 6}, read_licence, 0, false},
    {{"license", 7}, {"授权", 6}, read_licence, 0, false},
    {{"contact", 7}, {"联系方式", 12}, read_contact, 0, false},
    {{"footer", 6}, {"页脚", 6}, read_footer, 0, false},
    {{"organisations", 13}, {"单位", 6}, config_read_orgs, 0, false},
    {{"items", 5}, {"目录", 6}, config_read_items, 0, false},
    {{"ignore", 6}, {"不公布", 9}, config_read_ignored, 0, false},
    {{"synonyms", 8}, {"同义词", 9}, read_synonyms, 0, false},
    {{"rules", 5}, {"规则", 6}, config_read_rules, AT(rules), false},
};

static bool parse(struct config_reader *reader, struct yaml_node *out, struct str text)
{
    struct yaml_input input = {.path = reader->path,
                               .bytes = text,
                               .first_line = 1,
                               .depth_limit = CONFIG_DEPTH_MAX,
                               .node_limit = CONFIG_NODES_MAX};
    if (text.n > CONFIG_SIZE_MAX) {
        diag_add(reader->diag, DIAG_CONFIG_LARGE, (struct place){reader->path, 0, 0},
                 DIAG_WITH(STR("4 MiB")));
        return false;
    }
    if (!yaml_parse(out, reader->arena, &input, reader->diag)) {
        return false;
    }
    if (out->kind != YAML_KIND_MAP) {
        config_add(reader, DIAG_CONFIG_NOT_MAP, out, DIAG_PLAIN);
        return false;
    }
    return true;
}

void config_read(struct config *out, struct arena *arena, struct str path, struct str bytes,
                 struct diag *diag)
{
    struct config_reader reader = {out, arena, path, diag, NULL, NULL, NULL};
    struct yaml_node root;
    reader.index = arena_alloc(arena, sizeof *reader.index);
    out->index = reader.index;
    struct str text = text_read(arena, path, bytes, diag);
    if (parse(&reader, &root, text)) {
        config_read_map(&reader, out, site_rows, COUNT(site_rows), &root);
    } else {
        out->is_unread = true;
        diag_add(diag, DIAG_CONFIG_UNREAD, (struct place){path, 0, 0}, DIAG_PLAIN);
    }
}
