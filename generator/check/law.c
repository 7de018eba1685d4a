#include "check/law.h"

#include "base/date.h"
#include "record/yaml.h"

/* law_data.S */
extern const char check_law_begin[], check_law_end[];

enum { DEPTH_MAX = 6, NODES_MAX = 20000, ARTICLE_MAX = 999 };

struct loader {
    struct arena *arena;
    struct law *law;
    struct fault *fault;
};

static int refuse(struct loader *loader, const struct yaml_node *node, const char *what)
{
    return fault_set(loader->fault, "law.yml:%d:%d: %s", node->line, node->column, what);
}

/* 35 as 三十五. */
static void add_han_number(struct buf *buf, int number)
{
    static const char *const digits[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    int hundreds = number / 100, tens = number / 10 % 10, ones = number % 10;
    if (hundreds > 0) {
        buf_printf(buf, "%s百%s", digits[hundreds], tens == 0 && ones > 0 ? "零" : "");
    }
    if (tens > 0) {
        buf_printf(buf, "%s十", tens > 1 || hundreds > 0 ? digits[tens] : "");
    }
    if (ones > 0) {
        buf_printf(buf, "%s", digits[ones]);
    }
}

static int load_cite(struct loader *loader, struct str out[2], const struct yaml_node *map)
{
    struct str key = yaml_text(map, "law"), article = yaml_text(map, "article");
    const struct law_name *law = NULL;
    for (size_t i = 0; i < loader->law->name_count; i++) {
        law = str_equal(loader->law->names[i].key, key) ? &loader->law->names[i] : law;
    }
    long number = article.n == 0 ? 0 : str_number(article, ARTICLE_MAX);
    if (law == NULL || number < 0) {
        return refuse(loader, map, law == NULL ? "no such law" : "no article's number");
    }
    struct buf zh = BUF_EMPTY;
    buf_printf(&zh, "《%.*s》", STR_ARG(law->zh));
    if (number > 0) {
        buf_printf(&zh, "第");
        add_han_number(&zh, (int)number);
        buf_printf(&zh, "条");
    }
    out[0] = arena_copy(loader->arena, buf_str(&zh));
    out[1] = number > 0 ? arena_printf(loader->arena, "%.*s, art. %ld", STR_ARG(law->en), number)
                        : law->en;
    buf_free(&zh);
    return 0;
}

static int load_days(struct loader *loader, int64_t *from, int64_t *until,
                     const struct yaml_node *map)
{
    struct date date;
    struct str first = yaml_text(map, "valid_from"), last = yaml_text(map, "valid_until");
    *from = -LAW_TO_THIS_DAY;
    *until = LAW_TO_THIS_DAY;
    if (first.n > 0) {
        if (!date_parse(&date, first)) {
            return refuse(loader, map, "valid_from is no day");
        }
        *from = date_to_days(date);
    }
    if (last.n > 0) {
        if (!date_parse(&date, last)) {
            return refuse(loader, map, "valid_until is no day");
        }
        *until = date_to_days(date);
    }
    return *from <= *until ? 0 : refuse(loader, map, "valid_until lies before valid_from");
}

static int load_profile(struct loader *loader, struct str *out, const struct yaml_node *map)
{
    *out = yaml_text(map, "profile");
    return out->n == 0 || law_profile(loader->law, *out) != NULL
               ? 0
               : refuse(loader, map, "no such profile");
}

static int load_names(struct loader *loader, const struct yaml_node *map)
{
    struct law *law = loader->law;
    law->names = arena_array(loader->arena, map->count, sizeof *law->names);
    law->name_count = map->count;
    for (size_t i = 0; i < map->count; i++) {
        const struct yaml_node *names = &map->pairs[i].value;
        law->names[i] = (struct law_name){map->pairs[i].key.text, yaml_text(names, "zh"),
                                          yaml_text(names, "en")};
        if (law->names[i].zh.n == 0 || law->names[i].en.n == 0) {
            return refuse(loader, names, "a law needs zh and en");
        }
    }
    return 0;
}

static int load_profiles(struct loader *loader, const struct yaml_node *list)
{
    struct law *law = loader->law;
    law->profiles = arena_array(loader->arena, list->count, sizeof *law->profiles);
    law->profile_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = &list->pairs[i].value;
        law->profiles[i] =
            (struct law_name){yaml_text(map, "key"), yaml_text(map, "zh"), yaml_text(map, "key")};
    }
    return 0;
}

static int load_figures(struct loader *loader, const struct yaml_node *list)
{
    struct law *law = loader->law;
    law->figures = arena_array(loader->arena, list->count, sizeof *law->figures);
    law->figure_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = &list->pairs[i].value;
        bool is_less = str_equal(yaml_text(map, "stricter"), STR("less"));
        law->figures[i] = (struct law_figure){yaml_text(map, "key"), yaml_text(map, "zh"),
                                              is_less ? LAW_STRICTER_LESS : LAW_STRICTER_MORE};
    }
    return 0;
}

static int load_facts(struct loader *loader, const struct yaml_node *list)
{
    struct law *law = loader->law;
    law->facts = arena_array(loader->arena, list->count, sizeof *law->facts);
    law->fact_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = &list->pairs[i].value;
        struct law_fact *fact = &law->facts[i];
        struct str figure = yaml_text(map, "figure");
        fact->key = yaml_text(map, "key");
        fact->has_figure = figure.n > 0;
        fact->figure = fact->has_figure ? str_number(figure, 1000000) : 0;
        if (fact->key.n == 0 || fact->figure < 0) {
            return refuse(loader, map, "a fact needs a key, and a figure is a number");
        }
        if (load_cite(loader, fact->cite, map) != 0 ||
            load_profile(loader, &fact->profile, map) != 0 ||
            load_days(loader, &fact->from, &fact->until, map) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ">1/2" or ">=2/3"; nothing is nothing asked. */
static bool parse_share(struct law_share *out, struct str s)
{
    *out = (struct law_share){0};
    if (s.n == 0) {
        return true;
    }
    out->is_more = !str_starts(s, STR(">="));
    if (!str_starts(s, STR(">"))) {
        return false;
    }
    s = str_from(s, out->is_more ? 1 : 2);
    ptrdiff_t slash = str_find_char(s, '/');
    if (slash < 0) {
        return false;
    }
    out->over = str_number(str_slice(s, 0, (size_t)slash), 99);
    out->under = str_number(str_from(s, (size_t)slash + 1), 99);
    return out->over > 0 && out->under >= out->over;
}

static int load_quorums(struct loader *loader, const struct yaml_node *list)
{
    struct law *law = loader->law;
    law->quorums = arena_array(loader->arena, list->count, sizeof *law->quorums);
    law->quorum_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = &list->pairs[i].value;
        struct law_quorum *row = &law->quorums[i];
        row->body = yaml_text(map, "body");
        row->is_of_due = str_equal(yaml_text(map, "of"), STR("due"));
        if (!parse_share(&row->quorum, yaml_text(map, "quorum")) ||
            !parse_share(&row->pass, yaml_text(map, "pass"))) {
            return refuse(loader, map, "a share is written >1/2 or >=2/3");
        }
        if (load_cite(loader, row->cite, map) != 0 ||
            load_profile(loader, &row->profile, map) != 0 ||
            load_days(loader, &row->from, &row->until, map) != 0) {
            return -1;
        }
    }
    return 0;
}

static int load_all(struct loader *loader, const struct yaml_node *root)
{
    static const struct part {
        const char *key;
        int (*load)(struct loader *loader, const struct yaml_node *node);
    } parts[] = {
        {"laws", load_names},  {"profiles", load_profiles}, {"figures", load_figures},
        {"facts", load_facts}, {"quorums", load_quorums},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct yaml_node *node = yaml_find(root, parts[i].key);
        if (node == NULL) {
            return fault_set(loader->fault, "law.yml: %s is missing", parts[i].key);
        }
        if (parts[i].load(loader, node) != 0) {
            return -1;
        }
    }
    return 0;
}

int law_load(struct law *out, struct arena *arena, struct fault *fault)
{
    struct loader loader = {arena, out, fault};
    struct diag diag = {0};
    struct yaml_node root;
    struct yaml_input input = {
        .path = STR("law.yml"),
        .bytes = {check_law_begin, (size_t)(check_law_end - check_law_begin)},
        .first_line = 1,
        .depth_limit = DEPTH_MAX,
        .node_limit = NODES_MAX,
    };
    *out = (struct law){0};
    int result = -1;
    if (!yaml_parse(&root, arena, &input, &diag) || diag.count > 0) {
        fault_set(fault, "law.yml:%d: cannot be read", diag.entries[0].place.line);
    } else {
        result = load_all(&loader, &root);
    }
    diag_free(&diag);
    return result;
}

static bool is_chosen(const struct law_chosen *chosen, struct str profile)
{
    for (size_t i = 0; i < chosen->count; i++) {
        if (str_equal(chosen->keys[i], profile)) {
            return true;
        }
    }
    return profile.n == 0;
}

bool law_is_stricter(const struct law *law, struct str key, int64_t figure, int64_t than)
{
    const struct law_figure *row = law_figure(law, key);
    return row != NULL && row->stricter == LAW_STRICTER_LESS ? figure < than : figure > than;
}

const struct law_fact *law_find(const struct law *law, struct str key, int64_t day,
                                const struct law_chosen *chosen)
{
    const struct law_fact *best = NULL;
    for (size_t i = 0; i < law->fact_count; i++) {
        const struct law_fact *fact = &law->facts[i];
        if (!str_equal(fact->key, key) || day < fact->from || day > fact->until ||
            !is_chosen(chosen, fact->profile)) {
            continue;
        }
        if (best == NULL || law_is_stricter(law, key, fact->figure, best->figure)) {
            best = fact;
        }
    }
    return best;
}

const struct law_quorum *law_quorum(const struct law *law, struct str body, int64_t day,
                                    const struct law_chosen *chosen)
{
    for (size_t i = 0; i < law->quorum_count; i++) {
        const struct law_quorum *row = &law->quorums[i];
        if (str_equal(row->body, body) && day >= row->from && day <= row->until &&
            is_chosen(chosen, row->profile)) {
            return row;
        }
    }
    return NULL;
}

static bool holds_once(int64_t from, int64_t until, int64_t day, int64_t other)
{
    return (day >= from && day <= until) != (other >= from && other <= until);
}

bool law_is_another(const struct law *law, int64_t day, int64_t other,
                    const struct law_chosen *chosen)
{
    for (size_t i = 0; i < law->fact_count; i++) {
        const struct law_fact *fact = &law->facts[i];
        if (is_chosen(chosen, fact->profile) && holds_once(fact->from, fact->until, day, other)) {
            return true;
        }
    }
    for (size_t i = 0; i < law->quorum_count; i++) {
        const struct law_quorum *row = &law->quorums[i];
        if (is_chosen(chosen, row->profile) && holds_once(row->from, row->until, day, other)) {
            return true;
        }
    }
    return false;
}

const struct law_name *law_profile(const struct law *law, struct str key_or_name)
{
    for (size_t i = 0; i < law->profile_count; i++) {
        if (str_equal(law->profiles[i].key, key_or_name) ||
            str_equal(law->profiles[i].zh, key_or_name)) {
            return &law->profiles[i];
        }
    }
    return NULL;
}

const struct law_figure *law_figure(const struct law *law, struct str key_or_name)
{
    for (size_t i = 0; i < law->figure_count; i++) {
        if (str_equal(law->figures[i].key, key_or_name) ||
            str_equal(law->figures[i].zh, key_or_name)) {
            return &law->figures[i];
        }
    }
    return NULL;
}

bool law_is_reached(struct law_share share, int64_t part, int64_t whole)
{
    if (share.under == 0) {
        return true;
    }
    int64_t has = part * share.under, asked = whole * share.over;
    return share.is_more ? has > asked : has >= asked;
}

int64_t law_needed(struct law_share share, int64_t whole)
{
    if (share.under == 0) {
        return 0;
    }
    int64_t floor = whole * share.over / share.under;
    bool is_exact = floor * share.under == whole * share.over;
    return is_exact && !share.is_more ? floor : floor + 1;
}
