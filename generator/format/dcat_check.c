/* DCAT 3 (W3C) in JSON-LD, with what DCAT-AP 3.0 calls mandatory, as far as we write it. */
#include "format/json_check.h"

#include "base/set.h"

enum { KEYS_MAX = 4 };

/* What a node of a type must have. */
static const struct {
    const char *type, *keys[KEYS_MAX];
} types[] = {
    {"dcat:Catalog", {"dct:title", "dct:description", "dct:publisher"}},
    {"dcat:Dataset", {"dct:title", "dct:description", "dct:publisher"}},
    {"dcat:DatasetSeries", {"dct:title", "dct:description", "dct:publisher"}},
    {"dcat:Distribution", {"dcat:accessURL", "dcat:mediaType"}},
    {"foaf:Agent", {"foaf:name"}},
    {"spdx:Checksum", {"spdx:algorithm", "spdx:checksumValue"}},
    {"dct:PeriodOfTime", {"dcat:startDate", "dcat:endDate"}},
    {"vcard:Kind", {"vcard:fn"}},
};

/* Keys whose nodes stand in the same file. */
static const char *const inner_keys[] = {"dcat:dataset", "dcat:distribution", "dcat:inSeries",
                                         "dcat:prev",    "dcat:last",         "dct:publisher"};

struct graph {
    struct format_fault *fault;
    struct set ids;
};

static int fail(const struct graph *graph, const struct json_node *node, const char *key)
{
    struct str id = json_tree_text(node, "@id"), type = json_tree_text(node, "@type");
    struct str where = id.n > 0 ? id : type;
    return json_check_fail(graph->fault, key, "%.*s", STR_ARG(where));
}

/* RFC 3987 without what is not ASCII: absolute, or with a prefix of the context. */
static bool is_iri(struct str s)
{
    static const bool is_wrong[128] = {
        1,         1,         1,         1,         1,          1,         1,         1,
        1,         1,         1,         1,         1,          1,         1,         1,
        1,         1,         1,         1,         1,          1,         1,         1,
        1,         1,         1,         1,         1,          1,         1,         1,
        1,         ['"'] = 1, ['<'] = 1, ['>'] = 1, ['\\'] = 1, ['^'] = 1, ['`'] = 1, ['{'] = 1,
        ['|'] = 1, ['}'] = 1, [0x7f] = 1};
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 128 || is_wrong[c]) {
            return false;
        }
    }
    return str_find_char(s, ':') > 0;
}

/* Says it anything? */
static bool is_filled(const struct json_node *value)
{
    if (value == NULL) {
        return false;
    }
    if (value->type == JSON_TYPE_OBJECT) {
        return json_tree_text(value, "@id").n > 0 || json_tree_text(value, "@value").n > 0 ||
               json_tree_text(value, "@type").n > 0;
    }
    return value->type == JSON_TYPE_ARRAY ? value->child != NULL : value->text.n > 0;
}

static int check_type(const struct graph *graph, const struct json_node *node)
{
    struct str type = json_tree_text(node, "@type");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!str_equal(type, str_of(types[i].type))) {
            continue;
        }
        for (size_t k = 0; k < KEYS_MAX && types[i].keys[k] != NULL; k++) {
            if (!is_filled(json_tree_member(node, types[i].keys[k]))) {
                return fail(graph, node, types[i].keys[k]);
            }
        }
        return 0;
    }
    return fail(graph, node, "@type");
}

/* A value of a type of its own: those that could be wrong. */
static int check_value(const struct graph *graph, const struct json_node *value)
{
    struct str type = json_tree_text(value, "@type"), text = json_tree_text(value, "@value");
    bool is_wrong =
        (str_equal(type, STR("xsd:hexBinary")) && !json_check_is_digest(text)) ||
        (str_equal(type, STR("xsd:nonNegativeInteger")) && str_number(text, INT64_MAX) < 0) ||
        (str_equal(type, STR("xsd:dateTime")) && (text.n != 20 || text.p[10] != 'T')) ||
        (str_equal(type, STR("xsd:anyURI")) && !is_iri(text));
    return is_wrong ? fail(graph, value, value->key.n > 0 ? "@value" : "@type") : 0;
}

/* A node, or a value: of all that is in it, first to last. */
static int check_object(struct graph *graph, const struct json_node *object)
{
    const struct json_node *id = json_tree_member(object, "@id");
    if (json_tree_member(object, "@value") != NULL) {
        return check_value(graph, object);
    }
    if (id != NULL && !is_iri(id->text)) {
        return fail(graph, object, "@id");
    }
    if (id != NULL && id->next == NULL) {
        return 0; /* a reference */
    }
    if (id != NULL && !set_add(&graph->ids, id->text)) {
        return fail(graph, object, "@id");
    }
    return check_type(graph, object);
}

static int check_all(struct graph *graph, const struct json_node *node)
{
    if (node->type == JSON_TYPE_OBJECT && check_object(graph, node) != 0) {
        return -1;
    }
    for (const struct json_node *child = node->child; child != NULL; child = child->next) {
        if (!str_equal(child->key, STR("@context")) && check_all(graph, child) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_reference(const struct graph *graph, const struct json_node *node,
                           const struct json_node *value, const char *key)
{
    return set_has(&graph->ids, json_tree_text(value, "@id")) ? 0 : fail(graph, node, key);
}

static int check_leads(const struct graph *graph, const struct json_node *node)
{
    for (size_t i = 0; i < sizeof inner_keys / sizeof inner_keys[0]; i++) {
        const struct json_node *value = json_tree_member(node, inner_keys[i]);
        bool is_list = value != NULL && value->type == JSON_TYPE_ARRAY;
        for (const struct json_node *one = is_list ? value->child : value; one != NULL;
             one = is_list ? one->next : NULL) {
            if (json_tree_member(one, "@id") != NULL &&
                check_reference(graph, node, one, inner_keys[i]) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* What nodes lead to is there; but of catalogues that stand in files of their own. */
static int check_references(const struct graph *graph, const struct json_node *node)
{
    if (node->type == JSON_TYPE_OBJECT && check_leads(graph, node) != 0) {
        return -1;
    }
    for (const struct json_node *child = node->child; child != NULL; child = child->next) {
        if (child->child != NULL && !str_equal(child->key, STR("dcat:catalog")) &&
            check_references(graph, child) != 0) {
            return -1;
        }
    }
    return 0;
}

int dcat_check(struct format_fault *out, const struct json_node *root)
{
    struct graph graph = {.fault = out};
    const struct json_node *list = json_tree_member(root, "@graph");
    int rc = 0;
    if (json_tree_member(root, "@context") == NULL || list == NULL || list->child == NULL) {
        return json_check_fail(out, "@graph", "JSON-LD");
    }
    rc = check_all(&graph, list);
    rc = rc == 0 ? check_references(&graph, list) : rc;
    if (rc == 0 && !json_check_has(list, "@type", STR("dcat:Catalog"))) {
        rc = json_check_fail(out, "dcat:Catalog", "@graph");
    }
    set_free(&graph.ids);
    return rc;
}
