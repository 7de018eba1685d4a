#include "record/fence.h"

#include "base/utf8.h"

#include <string.h>

static const struct str wide_colon = {"\xef\xbc\x9a", 3};

/* The line at the front of `rest`, without its end; `rest` is moved past it. */
static bool next_line(struct str *line, struct str *rest)
{
    return str_cut(line, rest, '\n');
}

static bool is_fence(struct str line, struct str mark)
{
    return str_starts(line, mark) && str_trim(str_from(line, mark.n)).n == 0;
}

bool fence_find(struct fence *out, struct str text)
{
    struct str rest = text, line = {NULL, 0};
    if (!next_line(&line, &rest) || (!is_fence(line, STR("---")) && !is_fence(line, STR("+++")))) {
        return false;
    }
    out->mark = line.p[0];
    struct str mark = str_slice(line, 0, 3);
    size_t start = text.n - rest.n;
    for (;;) {
        size_t end = text.n - rest.n;
        if (!next_line(&line, &rest)) {
            return false;
        }
        if (is_fence(line, mark) || (out->mark == '-' && is_fence(line, STR("...")))) {
            out->block = str_slice(text, start, end);
            out->body = text.n - rest.n;
            return true;
        }
    }
}

static size_t margin_of(struct str line)
{
    size_t n = 0;
    while (n < line.n && line.p[n] == ' ') {
        n++;
    }
    return n;
}

/* Up to the first colon of either width; false where the line has none or no word before it. */
static bool find_key(struct str *key, size_t *colon, bool *is_wide, struct str line)
{
    ptrdiff_t narrow = str_find_char(line, ':'), wide = str_find(line, wide_colon);
    *is_wide = wide >= 0 && (narrow < 0 || wide < narrow);
    ptrdiff_t at = *is_wide ? wide : narrow;
    if (at <= 0) {
        return false;
    }
    *colon = (size_t)at;
    *key = str_trim(str_slice(line, 0, *colon));
    return key->n > 0;
}

bool fence_looks_like_fields(struct str block)
{
    struct str line, key;
    size_t colon;
    bool is_wide;
    if (!next_line(&line, &block) || !find_key(&key, &colon, &is_wide, line)) {
        return false;
    }
    for (size_t i = 0; i < key.n; i++) {
        if (strchr(" \t*`[](){}<>|\"#", key.p[i]) != NULL) {
            return false;
        }
    }
    return utf8_length(key) <= 40;
}

static bool knows_fields(const struct schema_field *fields, size_t count, struct str key)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(fields[i].key, key) || str_equal(fields[i].zh, key) ||
            knows_fields(fields[i].fields, fields[i].field_count, key)) {
            return true;
        }
    }
    return false;
}

static bool is_known(const struct schema *schema, struct str key)
{
    bool is_found = knows_fields(schema->common, schema->common_count, key);
    for (size_t i = 0; !is_found && i < schema->kind_count; i++) {
        is_found = knows_fields(schema->kinds[i].fields, schema->kinds[i].field_count, key);
    }
    return is_found;
}

static bool is_dash(uint32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0xFE58 ||
           c == 0xFE63 || c == 0xFF0D;
}

/* Dashes of any width and number, with blanks: what an editor may have made of an opening fence. */
static bool is_dashes(struct str line)
{
    bool has_dash = false;
    for (uint32_t c; utf8_next(&c, &line);) {
        bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == 0xA0 || c == 0x3000;
        if (!is_blank && !is_dash(c)) {
            return false;
        }
        has_dash = has_dash || is_dash(c);
    }
    return has_dash;
}

static bool is_known_line(const struct schema *schema, struct str line)
{
    struct str key;
    size_t colon;
    bool is_wide;
    return find_key(&key, &colon, &is_wide, line) && is_known(schema, key);
}

/* May this line stand among fields: a key, an entry, a comment, or what is indented below one? */
static bool is_field_line(struct str line)
{
    struct str key;
    size_t colon;
    bool is_wide;
    return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '-' || line.p[0] == '#' ||
                          find_key(&key, &colon, &is_wide, line));
}

enum { DAMAGE_LINES_MAX = 40 };

/* Two known fields or more, and a closing fence. A lax look takes blank lines and other dashes. */
static bool is_closed_block(const struct schema *schema, struct str rest, bool is_lax)
{
    struct str line;
    size_t known_count = 0;
    for (int i = 0; i < DAMAGE_LINES_MAX && next_line(&line, &rest); i++) {
        if (is_fence(line, STR("---")) || (is_lax && is_dashes(line))) {
            return known_count >= 2;
        }
        bool is_blank = str_trim(line).n == 0;
        if (is_blank ? !is_lax : !is_field_line(line)) {
            return false;
        }
        known_count += is_known_line(schema, line);
    }
    return false;
}

/* The next line that is not blank, and how many lines it is further down; 0 where none is. */
static int next_text(struct str *line, struct str *rest)
{
    for (int count = 1; count <= DAMAGE_LINES_MAX && next_line(line, rest); count++) {
        if (str_trim(*line).n > 0) {
            return count;
        }
    }
    return 0;
}

int fence_find_damaged(const struct schema *schema, struct str text)
{
    struct str line, rest = text, whole;
    int number = next_text(&line, &rest);
    if (number == 0 || (number == 1 && is_fence(line, STR("---")))) {
        return 0;
    }
    if (is_dashes(line)) {
        return is_closed_block(schema, rest, true) ? number : 0;
    }
    if (is_known_line(schema, line)) {
        whole = str_from(text, (size_t)(line.p - text.p));
        return is_closed_block(schema, whole, false) ? number : 0;
    }
    bool is_code = str_starts(line, STR("```")) || str_starts(line, STR("~~~"));
    bool is_above = !is_code && next_text(&line, &rest) > 0 && is_dashes(line);
    return is_above && is_closed_block(schema, rest, false) ? number : 0;
}

/* Does a block of text (`|` or `>`) begin behind this line? Its lines are not ours to read. */
static bool opens_text(struct str line)
{
    line = str_trim(line);
    while (line.n > 0 && strchr("+-0123456789", line.p[line.n - 1]) != NULL) {
        line.n--;
    }
    return line.n > 1 && (line.p[line.n - 1] == '|' || line.p[line.n - 1] == '>') &&
           line.p[line.n - 2] == ' ';
}

struct repair {
    struct field_reader *reader;
    struct buf text;
    int *late_after;
    size_t line_count;
    size_t text_margin; /* inside a block of text: the margin of the line that opened it */
    bool is_in_text;
    bool has_changes;
};

/* Writes the line anew where its colon is wide or tight; false where nothing is wrong with it. */
static bool repair_line(struct repair *repair, struct str line, size_t number)
{
    size_t margin = margin_of(line);
    while (str_starts(str_from(line, margin), STR("- "))) {
        margin += 2 + margin_of(str_from(line, margin + 2));
    }
    struct str key, content = str_from(line, margin);
    size_t colon;
    bool is_wide;
    if (!find_key(&key, &colon, &is_wide, content)) {
        return false;
    }
    struct str value = str_from(content, colon + (is_wide ? 3 : 1));
    bool has_blank = value.n == 0 || value.p[0] == ' ';
    if ((!is_wide && has_blank) || !is_known(repair->reader->schema, key)) {
        return false;
    }
    int column = (int)utf8_length(str_slice(line, 0, margin + colon)) + 1;
    struct place place = {repair->reader->path, (int)number + 2, column};
    diag_add(repair->reader->diag, is_wide ? DIAG_COLON_WIDE : DIAG_COLON_TIGHT, place,
             DIAG_WITH(key));
    if (!has_blank) {
        repair->late_after[number] = column;
    }
    buf_add(&repair->text, str_slice(line, 0, margin + colon));
    buf_add_text(&repair->text, has_blank ? ":" : ": ");
    buf_add(&repair->text, value);
    return true;
}

static void take_line(struct repair *repair, struct str line, size_t number)
{
    size_t margin = margin_of(line);
    bool is_blank = margin == line.n;
    repair->is_in_text = repair->is_in_text && (is_blank || margin > repair->text_margin);
    if (!repair->is_in_text && repair_line(repair, line, number)) {
        repair->has_changes = true;
    } else {
        buf_add(&repair->text, line);
    }
    if (!repair->is_in_text && opens_text(line)) {
        repair->is_in_text = true;
        repair->text_margin = margin;
    }
    buf_add_char(&repair->text, '\n');
}

/* The cheap look before: most files need no repair. */
static bool may_need_repair(struct str block)
{
    for (size_t i = 0; i + 1 < block.n; i++) {
        bool is_tight = block.p[i] == ':' && block.p[i + 1] != ' ' && block.p[i + 1] != '\n';
        if (is_tight || str_starts(str_from(block, i), wide_colon)) {
            return true;
        }
    }
    return false;
}

void fence_repair(struct fence_repair *out, struct field_reader *reader, struct str block)
{
    *out = (struct fence_repair){.block = block};
    if (!may_need_repair(block)) {
        return;
    }
    struct repair repair = {.reader = reader, .text = BUF_EMPTY, .line_count = 1};
    for (size_t i = 0; i < block.n; i++) {
        repair.line_count += block.p[i] == '\n';
    }
    repair.late_after = arena_array(reader->arena, repair.line_count, sizeof *repair.late_after);
    struct str line, rest = block;
    for (size_t number = 0; next_line(&line, &rest); number++) {
        take_line(&repair, line, number);
    }
    if (repair.has_changes) {
        out->block = arena_copy(reader->arena, buf_str(&repair.text));
        out->late_after = repair.late_after;
        out->late_count = repair.line_count;
    }
    buf_free(&repair.text);
}

static struct str without_quotes(struct str s)
{
    s = str_trim(s);
    bool is_quoted = s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
    return is_quoted ? str_slice(s, 1, s.n - 1) : s;
}

static void add_item(struct yaml_node *list, struct arena *arena, struct str text, int line)
{
    list->pairs = arena_grow(arena, list->pairs, list->count, sizeof *list->pairs);
    list->pairs[list->count++] =
        (struct yaml_pair){.value = {.line = line, .column = 1, .text = without_quotes(text)}};
}

static void read_simple_value(struct yaml_node *out, struct arena *arena, struct str value)
{
    value = str_trim(value);
    bool is_list = value.n >= 2 && value.p[0] == '[' && value.p[value.n - 1] == ']';
    out->is_plain = value.n == 0 || (value.p[0] != '"' && value.p[0] != '\'');
    if (!is_list) {
        out->text = without_quotes(value);
        return;
    }
    out->kind = YAML_KIND_LIST;
    struct str rest = str_slice(value, 1, value.n - 1);
    for (struct str item; str_cut(&item, &rest, ',');) {
        if (str_trim(item).n > 0) {
            add_item(out, arena, item, out->line);
        }
    }
}

static bool is_simple_key(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        if (strchr(" \t\"'#[]{}", key.p[i]) != NULL) {
            return false;
        }
    }
    return key.n > 0;
}

static void read_simple_line(struct yaml_node *map, struct arena *arena, struct str line,
                             int number, char separator)
{
    struct yaml_node *last = map->count > 0 ? &map->pairs[map->count - 1].value : NULL;
    struct str bare = str_trim(line);
    bool is_item = str_starts(bare, STR("- ")) && separator == ':';
    if (is_item && last != NULL && (last->kind == YAML_KIND_LIST || last->text.n == 0)) {
        last->kind = YAML_KIND_LIST;
        add_item(last, arena, str_from(bare, 2), number);
        return;
    }
    ptrdiff_t at = str_find_char(line, separator);
    if (at < 0 || is_item || line.p[0] == ' ' ||
        !is_simple_key(str_trim(str_slice(line, 0, (size_t)at)))) {
        return;
    }
    if (map->count >= 200) {
        return;
    }
    map->pairs = arena_grow(arena, map->pairs, map->count, sizeof *map->pairs);
    struct yaml_pair *pair = &map->pairs[map->count++];
    *pair = (struct yaml_pair){.key = {.line = number, .column = 1, .is_plain = true},
                               .value = {.line = number, .column = (int)at + 2}};
    pair->key.text = str_trim(str_slice(line, 0, (size_t)at));
    read_simple_value(&pair->value, arena, str_from(line, (size_t)at + 1));
}

void fence_read_simple(struct yaml_node *out, struct arena *arena, struct str block, char separator)
{
    *out = (struct yaml_node){.kind = YAML_KIND_MAP, .line = 1, .column = 1};
    struct str line;
    for (int number = 2; next_line(&line, &block); number++) {
        if (separator == '=' && str_starts(str_trim(line), STR("["))) {
            return;
        }
        if (line.n > 0) {
            read_simple_line(out, arena, line, number, separator);
        }
    }
}
