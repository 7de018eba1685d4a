/* What the site asks of its records: `rules` in gongkai.yml. */
#include "record/config_reader.h"
#include "record/number.h"

#define COUNT(rows) (sizeof rows / sizeof rows[0])

static bool take_setting(struct config_reader *reader, struct config_setting *out, struct str name,
                         const struct yaml_node *node)
{
    out->name = name;
    out->place = yaml_place(reader->path, node);
    return config_take_text(reader, &out->text, name, node);
}

static void read_setting(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node)
{
    take_setting(reader, out, name, node);
}

static void read_boolean(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node)
{
    struct str text;
    if (!config_take_text(reader, &text, name, node)) {
        return;
    }
    bool is_yes = str_equal_nocase(text, STR("true")) || str_equal(text, STR("是"));
    if (!is_yes && !str_equal_nocase(text, STR("false")) && !str_equal(text, STR("否"))) {
        config_add(reader, DIAG_BOOLEAN_FORM, node, DIAG_WITH(name, text));
    }
    *(bool *)out = is_yes;
}

static void read_since(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node)
{
    struct str text;
    if (config_take_text(reader, &text, name, node) &&
        number_date(out, reader->arena, text) < NUMBER_RESULT_KIND) {
        config_add(reader, DIAG_DATE_FORM, node, DIAG_WITH(name, text));
    }
}

/* `公示天数: 20`, or `公示天数: {数: 20, 自: 2026-06-01}`. */
static void read_figure(struct config_reader *reader, void *setting, struct str name,
                        const struct yaml_node *node)
{
    struct config_setting *out = setting;
    static const struct config_row rows[] = {
        {{"figure", 6}, {"数", 3}, read_setting, 0, true},
        {{"since", 5}, {"自", 3}, read_since, offsetof(struct config_setting, since), false},
    };
    if (node->kind == YAML_KIND_MAP) {
        config_read_map(reader, out, rows, COUNT(rows), node);
        out->name = name;
    } else {
        take_setting(reader, out, name, node);
    }
}

typedef void setting_reader(struct config_reader *reader, void *out, struct str name,
                            const struct yaml_node *node);

/* Each pair of a map becomes a setting of the list. */
static void read_settings(struct config_reader *reader, struct config_setting **all, size_t *count,
                          struct str name, const struct yaml_node *node, setting_reader *read)
{
    if (node->kind != YAML_KIND_MAP) {
        config_add(reader, DIAG_FIELD_NOT_MAP, node, DIAG_WITH(name));
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        *all = arena_grow(reader->arena, *all, *count, sizeof **all);
        struct config_setting *setting = &(*all)[(*count)++];
        *setting = (struct config_setting){.name = {NULL, 0}};
        read(reader, setting, node->pairs[i].key.text, &node->pairs[i].value);
    }
}

static void read_figures(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node)
{
    struct config_rules *rules = out;
    read_settings(reader, &rules->figures, &rules->figure_count, name, node, read_figure);
}

static void read_levels(struct config_reader *reader, void *out, struct str name,
                        const struct yaml_node *node)
{
    struct config_rules *rules = out;
    read_settings(reader, &rules->levels, &rules->level_count, name, node, read_setting);
}

static void read_masks(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node)
{
    struct config_rules *rules = out;
    read_settings(reader, &rules->masks, &rules->mask_count, name, node, read_setting);
}

void config_read_rules(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node)
{
#define AT(member) offsetof(struct config_rules, member)
    static const struct config_row rows[] = {
        {{"province", 8}, {"省份", 6}, read_setting, AT(province), false},
        {{"party_meetings", 14}, {"党内会议", 12}, read_boolean, AT(has_party_meetings), false},
        {{"government", 10}, {"政府网站", 12}, read_boolean, AT(is_government), false},
        {{"figures", 7}, {"数字", 6}, read_figures, 0, false},
        {{"levels", 6}, {"级别", 6}, read_levels, 0, false},
        {{"masks", 5}, {"遮法", 6}, read_masks, 0, false},
    };
    if (node->kind != YAML_KIND_MAP) {
        config_add(reader, DIAG_FIELD_NOT_MAP, node, DIAG_WITH(name));
        return;
    }
    config_read_map(reader, out, rows, COUNT(rows), node);
}
