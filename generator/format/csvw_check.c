/* CSV on the Web (tabular-metadata, W3C), as far as we write it. */
#include "format/json_check.h"

#include <stdio.h>

enum { WHERE_SIZE = 100 };

/* A title, or titles by language. */
static bool is_titles(const struct json_node *titles)
{
    if (titles == NULL || titles->type == JSON_TYPE_STRING) {
        return titles != NULL;
    }
    for (const struct json_node *title = titles->child; title != NULL; title = title->next) {
        if (title->type != JSON_TYPE_STRING) {
            return false;
        }
    }
    return titles->type == JSON_TYPE_OBJECT && titles->child != NULL;
}

static bool is_datatype(const struct json_node *datatype)
{
    static const char *const names[] = {"string", "integer", "decimal", "date", "gYearMonth"};
    struct str name =
        datatype->type == JSON_TYPE_STRING ? datatype->text : json_tree_text(datatype, "base");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(name, str_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_strings(const struct json_node *list)
{
    for (const struct json_node *text = list->child; text != NULL; text = text->next) {
        if (text->type != JSON_TYPE_STRING) {
            return false;
        }
    }
    return list->type == JSON_TYPE_ARRAY;
}

static int check_column(struct format_fault *out, const struct json_node *columns,
                        const struct json_node *column, const char *where)
{
    struct str name = json_tree_text(column, "name");
    const struct json_node *datatype = json_tree_member(column, "datatype"),
                           *nothing = json_tree_member(column, "null");
    if (!json_check_is_name(name, "_")) {
        return json_check_fail(out, "name", "%s", where);
    }
    for (const struct json_node *other = columns->child; other != column; other = other->next) {
        if (str_equal(json_tree_text(other, "name"), name)) {
            return json_check_fail(out, "name", "%s", where);
        }
    }
    if (!is_titles(json_tree_member(column, "titles"))) {
        return json_check_fail(out, "titles", "%s", where);
    }
    if (datatype != NULL && !is_datatype(datatype)) {
        return json_check_fail(out, "datatype", "%s", where);
    }
    return nothing == NULL || is_strings(nothing) ? 0 : json_check_fail(out, "null", "%s", where);
}

static int check_table(struct format_fault *out, const struct json_node *table, int number)
{
    char where[WHERE_SIZE];
    struct str url = json_tree_text(table, "url");
    const struct json_node *schema = json_tree_member(table, "tableSchema");
    const struct json_node *columns = json_tree_member(schema, "columns");
    snprintf(where, sizeof where, "tables[%d]", number);
    if (url.n == 0 || str_find_char(url, '/') >= 0) {
        return json_check_fail(out, "url", "%s", where);
    }
    if (columns == NULL || columns->type != JSON_TYPE_ARRAY) {
        return json_check_fail(out, "tableSchema.columns", "%s", where);
    }
    int place = 0;
    for (const struct json_node *column = columns->child; column != NULL; column = column->next) {
        snprintf(where, sizeof where, "tables[%d].tableSchema.columns[%d]", number, place++);
        if (check_column(out, columns, column, where) != 0) {
            return -1;
        }
    }
    struct str key = json_tree_text(schema, "primaryKey");
    bool is_known = key.n == 0 || json_check_has(columns, "name", key);
    return is_known ? 0 : json_check_fail(out, "primaryKey", "tables[%d].tableSchema", number);
}

int csvw_check(struct format_fault *out, const struct json_node *root)
{
    const struct json_node *context = json_tree_member(root, "@context"),
                           *tables = json_tree_member(root, "tables"),
                           *nothing = json_tree_member(root, "null");
    bool has_context = context != NULL && context->type == JSON_TYPE_ARRAY &&
                       context->child != NULL &&
                       str_equal(context->child->text, STR("http://www.w3.org/ns/csvw"));
    if (!has_context) {
        return json_check_fail(out, "@context", "csvw");
    }
    if (nothing != NULL && !is_strings(nothing)) {
        return json_check_fail(out, "null", "csvw");
    }
    if (tables == NULL || tables->type != JSON_TYPE_ARRAY || tables->child == NULL) {
        return json_check_fail(out, "tables", "csvw");
    }
    int number = 0;
    for (const struct json_node *table = tables->child; table != NULL; table = table->next) {
        if (check_table(out, table, number++) != 0) {
            return -1;
        }
    }
    return 0;
}
