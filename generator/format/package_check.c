/* Data Package v2 and its Table Schema (datapackage.org), as far as we write them. */
#include "format/json_check.h"

static bool is_type(struct str name)
{
    static const char *const names[] = {"string", "integer", "number", "date", "array"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(name, str_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static int check_view(struct format_fault *out, const struct json_node *view, int number)
{
    const struct json_node *fields = json_tree_member(view, "fields"),
                           *key = json_tree_member(view, "primaryKey");
    int place = 0;
    if (!json_check_is_name(json_tree_text(view, "name"), "_")) {
        return json_check_fail(out, "name", "views[%d]", number);
    }
    for (const struct json_node *field = fields == NULL ? NULL : fields->child; field != NULL;
         field = field->next, place++) {
        if (!json_check_is_name(json_tree_text(field, "name"), "_")) {
            return json_check_fail(out, "name", "views[%d].fields[%d]", number, place);
        }
        if (!is_type(json_tree_text(field, "type"))) {
            return json_check_fail(out, "type", "views[%d].fields[%d]", number, place);
        }
    }
    if (place == 0) {
        return json_check_fail(out, "fields", "views[%d]", number);
    }
    for (const struct json_node *part = key == NULL ? NULL : key->child; part != NULL;
         part = part->next) {
        if (!json_check_has(fields, "name", part->text)) {
            return json_check_fail(out, "primaryKey", "views[%d]", number);
        }
    }
    return 0;
}

/* Relative, below the folder of the package. */
static bool is_path(struct str path)
{
    return path.n > 0 && path.p[0] != '/' && path.p[0] != '.' && str_find(path, STR("..")) < 0 &&
           str_find(path, STR(":")) < 0;
}

static int check_resource(struct format_fault *out, const struct json_node *resource, int number)
{
    struct str hash = json_tree_text(resource, "hash");
    const struct json_node *bytes = json_tree_member(resource, "bytes"),
                           *views = json_tree_member(resource, "views");
    if (!json_check_is_name(json_tree_text(resource, "name"), "._-")) {
        return json_check_fail(out, "name", "resources[%d]", number);
    }
    if (!is_path(json_tree_text(resource, "path"))) {
        return json_check_fail(out, "path", "resources[%d]", number);
    }
    if (bytes == NULL || bytes->type != JSON_TYPE_NUMBER) {
        return json_check_fail(out, "bytes", "resources[%d]", number);
    }
    if (!str_starts(hash, STR("sha256:")) || !json_check_is_digest(str_from(hash, 7))) {
        return json_check_fail(out, "hash", "resources[%d]", number);
    }
    int place = 0;
    for (const struct json_node *view = views == NULL ? NULL : views->child; view != NULL;
         view = view->next) {
        if (check_view(out, view, place++) != 0) {
            return -1;
        }
    }
    return 0;
}

int package_check(struct format_fault *out, const struct json_node *root)
{
    const struct json_node *resources = json_tree_member(root, "resources"),
                           *licences = json_tree_member(root, "licenses");
    static const char *const needed[] = {"name", "title", "version", "created"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (json_tree_text(root, needed[i]).n == 0) {
            return json_check_fail(out, needed[i], "datapackage");
        }
    }
    if (licences != NULL &&
        (licences->child == NULL || json_tree_text(licences->child, "path").n == 0)) {
        return json_check_fail(out, "path", "licenses[0]");
    }
    int number = 0;
    for (const struct json_node *resource = resources == NULL ? NULL : resources->child;
         resource != NULL; resource = resource->next) {
        if (check_resource(out, resource, number++) != 0) {
            return -1;
        }
    }
    return number > 0 ? 0 : json_check_fail(out, "resources", "datapackage");
}
