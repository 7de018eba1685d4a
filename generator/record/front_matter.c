#include "record/front_matter.h"

#include "record/fence.h"

/* The kind must be known before the other keys can be looked up. */
static const struct schema_kind *find_kind(const struct schema *schema, const struct yaml_node *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct yaml_pair *pair = &map->pairs[i];
        const struct schema_field *row = schema_field(schema, NULL, pair->key.text);
        bool is_kind = row != NULL && str_equal(row->key, STR("kind"));
        if (is_kind && !yaml_is_null(&pair->value)) {
            return schema_kind(schema, str_trim(pair->value.text));
        }
    }
    return schema_kind(schema, STR("page"));
}

static void map_fields(struct front_matter *out, struct field_reader *reader,
                       const struct yaml_node *map)
{
    const struct schema_kind *kind = find_kind(reader->schema, map);
    struct yaml_node whole = *map;
    reader->kind = kind;
    whole.line = whole.column = 1;
    struct record_value *value = field_read_map(reader, NULL, kind, &whole);
    out->is_given = true;
    out->fields = value->items;
    out->field_count = value->count;
    if (kind != NULL) {
        out->kind = kind;
    }
}

static void read_toml(struct front_matter *out, struct field_reader *reader,
                      const struct fence *fence)
{
    struct yaml_node map;
    fence_read_simple(&map, reader->arena, fence->block, '=');
    if (map.count == 0 && str_trim(fence->block).n > 0) {
        return;
    }
    out->body = fence->body;
    diag_add(reader->diag, DIAG_FRONT_MATTER_TOML, (struct place){reader->path, 1, 1}, DIAG_PLAIN);
    map_fields(out, reader, &map);
}

/* Reads the block with `diag` instead of the reader's own, since it may turn out to be body. */
static bool parse_block(struct yaml_node *out, struct field_reader *reader, struct str block,
                        struct diag *diag)
{
    struct field_reader scratch = *reader;
    scratch.diag = diag;
    struct fence_repair repair;
    fence_repair(&repair, &scratch, block);
    struct yaml_input input = {
        .path = reader->path,
        .bytes = repair.block,
        .first_line = 2,
        .depth_limit = FRONT_MATTER_DEPTH_MAX,
        .node_limit = FRONT_MATTER_NODES_MAX,
        .late_after = repair.late_after,
        .late_count = repair.late_count,
    };
    return yaml_parse(out, reader->arena, &input, diag);
}

/* What is no map, but was clearly meant as fields: told, and read as far as a free site may. */
static void read_broken(struct front_matter *out, struct field_reader *reader, struct str block,
                        struct diag *found)
{
    struct place place = {reader->path, 2, 1};
    if (found->count == 0) {
        diag_add(found, DIAG_YAML_KEY_MISSING, place, DIAG_PLAIN);
    }
    diag_merge(reader->diag, found);
    out->is_given = true;
    if (reader->config->is_given) {
        return;
    }
    struct yaml_node map;
    fence_read_simple(&map, reader->arena, block, ':');
    diag_add(reader->diag, DIAG_FRONT_MATTER_PARTLY, (struct place){reader->path, 1, 1},
             DIAG_PLAIN);
    map_fields(out, reader, &map);
}

static void read_yaml(struct front_matter *out, struct field_reader *reader,
                      const struct fence *fence)
{
    struct diag found = {.is_lenient = reader->diag->is_lenient,
                         .source_path = reader->diag->source_path,
                         .source = reader->diag->source};
    struct yaml_node node;
    bool is_read = parse_block(&node, reader, fence->block, &found);
    bool is_map = is_read && node.kind == YAML_KIND_MAP;
    /* Comments alone are headings of a text between two rules, not a head without fields. */
    bool is_empty = is_read && yaml_is_null(&node) && str_trim(fence->block).n == 0;
    if (is_map || is_empty) {
        out->body = fence->body;
        diag_merge(reader->diag, &found);
        map_fields(out, reader, &node);
    } else if (fence_looks_like_fields(fence->block) && (!is_read || reader->config->is_given)) {
        out->body = fence->body;
        read_broken(out, reader, fence->block, &found);
    }
    diag_free(&found);
}

/* Far too large a block: a fault where it is meant as fields, else body. */
static bool is_too_large(struct front_matter *out, struct field_reader *reader,
                         const struct fence *fence)
{
    if (fence->block.n <= FRONT_MATTER_SIZE_MAX) {
        return false;
    }
    if (fence_looks_like_fields(fence->block)) {
        diag_add(reader->diag, DIAG_FRONT_MATTER_LARGE, (struct place){reader->path, 1, 1},
                 DIAG_WITH(STR("64 KiB")));
        out->body = reader->config->is_given ? fence->body : 0;
    }
    return true;
}

/*
 * Fields whose closing fence was forgotten must not be shown as text, past every check. Where
 * nobody was told of front matter, a rule and a line with a colon are just that.
 */
static void check_open(struct field_reader *reader, struct str text)
{
    struct str line, rest = text;
    if (!reader->diag->is_lenient && str_cut(&line, &rest, '\n') &&
        str_equal(str_trim(line), STR("---")) && fence_looks_like_fields(rest)) {
        diag_add(reader->diag, DIAG_FRONT_MATTER_OPEN, (struct place){reader->path, 1, 1},
                 DIAG_PLAIN);
    }
}

/* Nor those whose opening fence is not the first line, or not three hyphens. */
static void check_damaged(struct field_reader *reader, struct str text)
{
    int line = reader->diag->is_lenient ? 0 : fence_find_damaged(reader->schema, text);
    if (line > 0) {
        diag_add(reader->diag, DIAG_FRONT_MATTER_DAMAGED, (struct place){reader->path, line, 1},
                 DIAG_PLAIN);
    }
}

void front_matter_read(struct front_matter *out, struct field_reader *reader, struct str text)
{
    struct fence fence;
    *out = (struct front_matter){.kind = schema_kind(reader->schema, STR("page"))};
    if (!fence_find(&fence, text)) {
        check_open(reader, text);
        check_damaged(reader, text);
        return;
    }
    if (is_too_large(out, reader, &fence)) {
        return;
    }
    if (fence.mark == '+') {
        read_toml(out, reader, &fence);
    } else {
        read_yaml(out, reader, &fence);
    }
}
