/*
 * new: a record to be filled in, where it belongs, with all that can be known of it: index number,
 * dates, period, organisation, the columns of its table. A file that exists is never touched.
 */
#include "commands/command.h"
#include "commands/earlier.h"
#include "commands/site.h"
#include "commands/template.h"

#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "record/suggest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAME_NAME_MAX = 99 };

struct new
{
    const struct options *options;
    struct site site; /* of the working tree */
    struct diag diag;
    char root[PATH_MAX]; /* of the content, in the working tree */
    const struct schema_kind *kind;
    const struct config_item *item;
    const struct config_org *org; /* NULL: none can be known */
    struct template_value values[TEMPLATE_VALUES_MAX];
    size_t value_count;
    struct str folder;         /* where its like stand */
    struct str same;           /* a record of that name, which was there; empty: none */
    bool is_ambiguous;         /* several bodies publish the item, and none was named */
    struct str path, csv_path; /* csv_path: empty where there is no table */
    struct buf markdown, csv;
};

static bool is_zh(const struct new *new)
{
    return new->options->language == LANGUAGE_ZH;
}

static struct arena *arena_of(struct new *new)
{
    return &new->site.arena;
}

static void set_value(struct new *new, struct str key, struct str text)
{
    if (text.n > 0 && new->value_count < TEMPLATE_VALUES_MAX) {
        new->values[new->value_count++] = (struct template_value){key, text};
    }
}

static int usage(const struct new *new, const char *zh, const char *en, const char *what)
{
    fprintf(stderr, "gongkai: ");
    fprintf(stderr, is_zh(new) ? zh : en, what);
    fputc('\n', stderr);
    return COMMAND_USAGE;
}

/* Where the options or the folder that we stand in say, whose record it is. */
static const struct config_org *org_here(struct new *new)
{
    char here[PATH_MAX];
    struct str root = str_of(new->root);
    if (getcwd(here, sizeof here) == NULL || !str_starts(str_of(here), root) ||
        (here[root.n] != '/' && here[root.n] != '\0')) {
        return NULL;
    }
    struct str below = str_from(str_of(here), root.n);
    struct str path = arena_printf(arena_of(new), "%.*s/a.md", STR_ARG(below));
    return config_org_of_path(&new->site.config, str_from(path, 1));
}

/* The only village of a site that has just one. */
static const struct config_org *only_village(const struct config *config)
{
    const struct config_org *found = NULL;
    for (size_t i = 0; i < config->org_count; i++) {
        if (str_equal(config->orgs[i].type, STR("village"))) {
            if (found != NULL) {
                return NULL;
            }
            found = &config->orgs[i];
        }
    }
    return found;
}

static bool is_issuer(const struct config_item *item, const struct config_org *org)
{
    for (size_t i = 0; i < item->issuer_count; i++) {
        if (str_equal(item->issuers[i], org->type)) {
            return true;
        }
    }
    return false;
}

/* Of a village, its own body that publishes the item: the cooperative the accounts, and so on. */
static const struct config_org *issuer_of(const struct new *new, const struct config_org *org)
{
    const struct config *config = &new->site.config;
    if (new->item == NULL || new->item->issuer_count == 0 || is_issuer(new->item, org)) {
        return org;
    }
    for (size_t k = 0; k < new->item->issuer_count; k++) {
        for (size_t i = 0; i < config->org_count; i++) {
            if (str_equal(config->orgs[i].parent, org->key) &&
                str_equal(config->orgs[i].type, new->item->issuers[k])) {
                return &config->orgs[i];
            }
        }
    }
    return org;
}

/* What was probably meant. */
static void tell_nearest(const struct new *new, const struct suggest_list *near)
{
    struct arena arena = {0};
    if (near->count > 0) {
        struct str text = suggest_list_text(near, &arena);
        fprintf(stderr, is_zh(new) ? "是不是要写：%.*s？\n" : "did you mean: %.*s?\n",
                STR_ARG(text));
    }
    arena_free(&arena);
}

static int refuse_org(const struct new *new, const char *name)
{
    struct suggest_list near = {.wanted = str_of(name)};
    for (size_t i = 0; i < new->site.config.org_count; i++) {
        suggest_list_offer(&near, new->site.config.orgs[i].name);
        suggest_list_offer(&near, new->site.config.orgs[i].key);
    }
    int status =
        usage(new, "gongkai.yml 里没有叫“%s”的单位", "gongkai.yml has no organisation “%s”", name);
    tell_nearest(new, &near);
    return status;
}

static int choose_org(struct new *new)
{
    const char *name = new->options->org;
    if (name != NULL) {
        new->org = config_org(&new->site.config, str_of(name));
        if (new->org == NULL) {
            return refuse_org(new, name);
        }
        new->org = issuer_of(new, new->org);
        return COMMAND_DONE;
    }
    new->org = org_here(new);
    bool is_top = new->org == NULL || new->org->depth == 0;
    const struct config_org *village = is_top ? only_village(&new->site.config) : NULL;
    new->org = village != NULL ? village : new->org;
    if (new->org != NULL) {
        new->org = issuer_of(new, new->org);
    }
    return COMMAND_DONE;
}

static void tell_nearest_kind(const struct new *new, const char *name)
{
    struct suggest_list near = {.wanted = str_of(name)};
    for (size_t i = 0; i < new->site.config.item_count; i++) {
        suggest_list_offer(&near, new->site.config.items[i].name);
        suggest_list_offer(&near, new->site.config.items[i].key);
    }
    for (size_t i = 0; i < new->site.schema.kind_count; i++) {
        suggest_list_offer(&near, new->site.schema.kinds[i].zh);
        suggest_list_offer(&near, new->site.schema.kinds[i].key);
    }
    tell_nearest(new, &near);
}

/* All that there is to choose from, since nobody knows it by heart; what is near comes last, where
 * it is seen. */
static int refuse_kind(const struct new *new, const char *name)
{
    int status =
        usage(new, "没有叫“%s”的类型或目录事项", "no kind and no catalogue item “%s”", name);
    const char *between = is_zh(new) ? "；" : "; "; /* names have 、 and commas in them */
    fputs(is_zh(new) ? "类型：" : "kinds: ", stderr);
    for (size_t i = 0; i < new->site.schema.kind_count; i++) {
        const struct schema_kind *kind = &new->site.schema.kinds[i];
        struct str name_shown = is_zh(new) ? kind->zh : kind->key;
        fprintf(stderr, "%s%.*s", i > 0 ? between : "", STR_ARG(name_shown));
    }
    fputs(is_zh(new) ? "\n目录事项：" : "\ncatalogue items: ", stderr);
    for (size_t i = 0; i < new->site.config.item_count; i++) {
        fprintf(stderr, "%s%.*s", i > 0 ? between : "", STR_ARG(new->site.config.items[i].name));
    }
    fputs(is_zh(new) ? "\n照抄其中一个，如 gongkai new 公开事项 --item 财务收支\n"
                     : "\nname one as it stands there, as in gongkai new disclosure --item "
                       "finance\n",
          stderr);
    tell_nearest_kind(new, name);
    return status;
}

/* KIND is a kind or, since clerks know those better, an item of the catalogue. */
static int choose_kind(struct new *new)
{
    const struct options *options = new->options;
    struct str name = str_of(options->arguments[0]);
    const char *item = options->item;
    new->kind = schema_kind(&new->site.schema, name);
    if (new->kind == NULL && item == NULL) {
        item = options->arguments[0];
    } else if (new->kind == NULL) {
        return refuse_kind(new, options->arguments[0]);
    }
    if (item == NULL) {
        return COMMAND_DONE;
    }
    new->item = config_item(&new->site.config, str_of(item));
    if (new->item == NULL) {
        return refuse_kind(new, item);
    }
    if (new->kind == NULL) {
        new->kind = template_kind(&new->site.schema, new->item);
    }
    return COMMAND_DONE;
}

/* The organisation, or the nearest above it, that has what `member` points at. */
static const struct config_org *nearest(const struct new *new, size_t member)
{
    const struct config_org *org = new->org;
    while (org != NULL &&
           ((const struct str *)(const void *)((const char *)org + member))->n == 0) {
        org = org->parent.n > 0 ? config_org(&new->site.config, org->parent) : NULL;
    }
    return org;
}

static struct str folder_of_org(const struct new *new)
{
    const struct config_org *org = nearest(new, offsetof(struct config_org, folder));
    return org == NULL || str_equal(org->folder, STR(".")) ? STR("") : org->folder;
}

static bool has_field(const struct new *new, const char *key)
{
    return schema_field(&new->site.schema, new->kind, str_of(key)) != NULL;
}

static struct earlier_question question_of(struct new *new)
{
    return (struct earlier_question){.site = &new->site,
                                     .arena = &new->site.arena,
                                     .item = new->item,
                                     .org = new->org,
                                     .folder = folder_of_org(new)};
}

/* Where its like stand, and whose they are; a folder of its category where there are none. */
static int choose_folder(struct new *new, struct fault *fault)
{
    struct earlier_question question = question_of(new);
    struct earlier_places places = {0};
    if (new->item == NULL) {
        new->folder = question.folder;
        return 0;
    }
    if (earlier_find(&places, &question, fault) != 0) {
        return -1;
    }
    const struct config_org *org = config_org(&new->site.config, places.org);
    new->is_ambiguous = places.has_several_orgs &&new->options->org == NULL;
    if (new->options->org == NULL && !places.has_several_orgs && org != NULL) {
        new->org = org;
    }
    new->folder = places.folder;
    if (places.folder.n == 0) {
        struct buf folder = BUF_EMPTY;
        buf_add(&folder, question.folder);
        buf_add_text(&folder, question.folder.n > 0 ? "/" : "");
        template_file_name(&folder, new->item->category);
        new->folder = arena_copy(arena_of(new), buf_str(&folder));
        buf_free(&folder);
    }
    return 0;
}

/* What earlier records leave: the balance of the last one, and the next number. */
static int choose_from_earlier(struct new *new, struct fault *fault)
{
    struct earlier_question question = question_of(new);
    const struct config_org *agency = nearest(new, offsetof(struct config_org, agency));
    struct str index = STR(""), closing = STR("");
    if (new->item == NULL) {
        return 0;
    }
    if (earlier_closing(&closing, &question, fault) != 0 ||
        earlier_next_index(&index, &question, agency != NULL ? agency->agency : STR(""), fault) !=
            0) {
        return -1;
    }
    set_value(new, STR("opening"), has_field(new, "opening") ? closing : STR(""));
    /* Whose numbers they are is not known where it is not known whose record it is. */
    set_value(new, STR("index"), new->is_ambiguous &&agency == NULL ? STR("") : index);
    return 0;
}

static struct str date_text(struct arena *arena, struct date date)
{
    char text[DATE_TEXT_SIZE];
    return arena_copy(arena, str_of(date_format(text, date)));
}

/* The period that ended last before the day: accounts of November are told in December. */
static struct str last_period(struct arena *arena, struct str every, struct date day)
{
    int month = day.year * 12 + day.month - 1; /* months since the year 0 */
    if (str_equal(every, STR("month"))) {
        month--;
        return arena_printf(arena, "%04d-%02d", month / 12, month % 12 + 1);
    }
    if (str_equal(every, STR("quarter"))) {
        int quarter = month / 3 - 1;
        return arena_printf(arena, "%04d-Q%d", quarter / 4, quarter % 4 + 1);
    }
    if (str_equal(every, STR("half-year"))) {
        int half = month / 6 - 1;
        return arena_printf(arena, "%04d-H%d", half / 2, half % 2 + 1);
    }
    return str_equal(every, STR("year")) ? arena_printf(arena, "%04d", day.year - 1) : STR("");
}

/* "2026年11月", "2026年第三季度", "2026年上半年", "2026年". */
static struct str period_words(struct arena *arena, struct str period)
{
    static const char *const quarters[] = {"一", "二", "三", "四"};
    struct str year = str_slice(period, 0, 4);
    if (period.n == 0) {
        return STR("");
    }
    if (period.n == 4) {
        return arena_printf(arena, "%.*s年", STR_ARG(year));
    }
    if (period.p[5] == 'Q') {
        return arena_printf(arena, "%.*s年第%s季度", STR_ARG(year), quarters[period.p[6] - '1']);
    }
    if (period.p[5] == 'H') {
        return arena_printf(arena, "%.*s年%s", STR_ARG(year),
                            period.p[6] == '1' ? "上半年" : "下半年");
    }
    return arena_printf(arena, "%.*s年%ld月", STR_ARG(year), str_number(str_from(period, 5), 12));
}

/* What a village's people call it, also where a body of the village publishes. */
static struct str place_name(const struct new *new)
{
    const struct config_org *org = nearest(new, offsetof(struct config_org, folder));
    return org != NULL ? org->name : STR("");
}

static struct str title_of(struct new *new, struct str period)
{
    const struct options *options = new->options;
    struct str words = period_words(arena_of(new), period);
    if (options->argument_count > 1) {
        return str_of(options->arguments[1]);
    }
    struct str name = new->item != NULL ? new->item->name : new->kind->zh;
    return arena_printf(arena_of(new), "%.*s%.*s%.*s", STR_ARG(place_name(new)), STR_ARG(words),
                        STR_ARG(name));
}

static void choose_notice(struct new *new)
{
    int days = new->item != NULL ? new->item->notice_days : 0;
    if (days == 0 || !has_field(new, "notice_start")) {
        return;
    }
    struct date end = date_from_days(date_to_days(new->site.as_of) + days + 1); /* a day to spare */
    set_value(new, STR("notice_start"), date_text(arena_of(new), new->site.as_of));
    set_value(new, STR("notice_end"), date_text(arena_of(new), end));
}

static int choose_values(struct new *new, struct fault *fault)
{
    struct arena *arena = arena_of(new);
    struct str period = STR("");
    if (choose_folder(new, fault) != 0) {
        return -1;
    }
    if (new->item != NULL && has_field(new, "period")) {
        period = last_period(arena, new->item->every, new->site.as_of);
    }
    set_value(new, STR("title"), title_of(new, period));
    set_value(new, STR("kind"), new->kind->zh);
    set_value(new, STR("date"), date_text(arena, new->site.as_of));
    if (new->org != NULL) {
        set_value(new, STR("org"), new->org->name);
    }
    if (new->item != NULL) {
        set_value(new, STR("item"), new->item->name);
    }
    set_value(new, STR("period"), period);
    choose_notice(new);
    return choose_from_earlier(new, fault);
}

static struct str known(const struct new *new, struct str key)
{
    for (size_t i = 0; i < new->value_count; i++) {
        if (str_equal(new->values[i].key, key)) {
            return new->values[i].text;
        }
    }
    return STR("");
}

/* "2026-11-财务收支", "2026-12-05-路灯维修": the period or the day, then what it is called. */
static struct str name_of(struct new *new)
{
    struct str period = known(new, STR("period"));
    struct str title = new->options->argument_count > 1 ? str_of(new->options->arguments[1])
                       : new->item != NULL              ? new->item->name
                                                        : new->kind->zh;
    struct buf name = BUF_EMPTY;
    buf_add(&name, period.n > 0 ? period : known(new, STR("date")));
    buf_add_char(&name, '-');
    template_file_name(&name, title);
    struct str copy = arena_copy(arena_of(new), buf_str(&name));
    buf_free(&name);
    return copy;
}

static bool is_there(const struct new *new, struct str path)
{
    struct buf full = BUF_EMPTY;
    buf_printf(&full, "%s/%.*s", new->root, STR_ARG(path));
    bool is_found = faccessat(AT_FDCWD, full.p, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    buf_free(&full);
    return is_found;
}

/* A name that nothing has, neither the record nor its table. */
static int choose_path(struct new *new, struct fault *fault)
{
    struct arena *arena = arena_of(new);
    struct str folder = new->folder, name = name_of(new);
    for (int i = 1; i <= SAME_NAME_MAX; i++) {
        struct str end = i == 1 ? STR("") : arena_printf(arena, "-%d", i);
        struct str stem = arena_printf(arena, "%.*s%s%.*s%.*s", STR_ARG(folder),
                                       folder.n > 0 ? "/" : "", STR_ARG(name), STR_ARG(end));
        new->path = arena_printf(arena, "%.*s.md", STR_ARG(stem));
        new->csv_path = arena_printf(arena, "%.*s.csv", STR_ARG(stem));
        if (!is_there(new, new->path) && !is_there(new, new->csv_path)) {
            return 0;
        }
        new->same = i == 1 && is_there(new, new->path) ? new->path : new->same;
    }
    return fault_tell(fault, "叫 %.*s 这样的已经有很多份；写一个别的标题",
                      "%.*s and its brothers exist: give another title", STR_ARG(new->path));
}

/* What the county wrote by itself into its template counts, where there is one. */
static int read_template(struct buf *out, const struct new *new,
                         const struct template_input *template, const char *extension,
                         struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%s/", new->root);
    template_path(&path, template, extension);
    bool is_found = access(path.p, F_OK) == 0;
    int rc = is_found ? file_read(out, AT_FDCWD, path.p, SOURCE_MARKDOWN_MAX, fault) : 0;
    buf_free(&path);
    return rc != 0 ? rc : is_found;
}

static int fill(struct new *new, struct fault *fault)
{
    const struct template_input template = {.schema = &new->site.schema,
                                            .config = &new->site.config,
                                            .kind = new->kind,
                                            .item = new->item,
                                            .values = new->values,
                                            .value_count = new->value_count};
    struct buf own = BUF_EMPTY;
    int found = read_template(&own, new, &template, ".md", fault);
    if (found == 1) {
        template_fill(&new->markdown, buf_str(&own), &template);
        found = read_template(&new->csv, new, &template, ".csv", fault);
        found = found < 0 ? found : 1;
    } else if (found == 0) {
        template_write(&new->markdown, &new->csv, &template);
    }
    buf_free(&own);
    return found < 0 ? -1 : 0;
}

static int write_one(const struct new *new, struct str path, const struct buf *bytes,
                     struct fault *fault)
{
    struct buf full = BUF_EMPTY;
    buf_printf(&full, "%s/%.*s", new->root, STR_ARG(path));
    int rc = file_create_below(AT_FDCWD, full.p, buf_str(bytes), 0644, fault);
    buf_free(&full);
    return rc;
}

static void tell_text(const struct new *new)
{
    bool zh = is_zh(new);
    struct str index = known(new, STR("index"));
    printf(zh ? "写好了：%.*s\n" : "written: %.*s\n", STR_ARG(new->path));
    if (new->csv.n > 0) {
        printf(zh ? "它的表：%.*s\n" : "its table: %.*s\n", STR_ARG(new->csv_path));
    }
    if (index.n > 0) {
        printf(zh ? "索引号：%.*s\n" : "index number: %.*s\n", STR_ARG(index));
    }
    if (new->same.n > 0) {
        printf(zh ? "已经有一份 %.*s：要改的是它，就把新写的这份删掉\n"
                  : "there is %.*s already: if that is the one to change, remove this one\n",
               STR_ARG(new->same));
    }
    if (new->is_ambiguous) {
        printf("%s",
               zh ? "这一项有几个单位分别公布：核对“单位”那一行，或删掉它，用 --org 写明再来一次\n"
                  : "several bodies publish this item: look at its organisation, or name it with "
                    "--org\n");
    }
    printf("%s", zh ? "\n填好空着的栏目，再依次输入：\n" : "\nFill in what is empty, then type:\n");
    printf("    gongkai check --worktree\n    git add '%.*s'", STR_ARG(new->path));
    if (new->csv.n > 0) {
        printf(" '%.*s'", STR_ARG(new->csv_path));
    }
    printf("\n    git commit -m '%.*s'\n    git push\n", STR_ARG(known(new, STR("title"))));
}

static void tell_json(const struct new *new)
{
    struct buf text = BUF_EMPTY;
    struct json json = {.buf = &text};
    json_open(&json, '{');
    json_key(&json, "path");
    json_str(&json, new->path);
    json_key(&json, "table");
    json_str(&json, new->csv.n > 0 ? new->csv_path : STR(""));
    for (size_t i = 0; i < new->value_count; i++) {
        json_key(&json, new->values[i].key.p); /* a literal, with its NUL */
        json_str(&json, new->values[i].text);
    }
    json_close(&json, '}');
    printf("%s\n", text.p);
    buf_free(&text);
}

static int find_root(struct new *new, struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    const char *content = new->options->content;
    if (source_worktree(&path, new->site.source, fault) != 0) {
        buf_free(&path);
        return -1;
    }
    buf_printf(&path, "/%s", content);
    bool is_found = realpath(path.p, new->root) != NULL;
    buf_free(&path);
    return is_found ? 0 : fault_errno(fault, "the working tree has no folder \"%s\"", content);
}

/* A status of the command; COMMAND_FAILED with a fault. */
static int make(struct new *new, struct fault *fault)
{
    struct options options = *new->options;
    options.tree = OPTIONS_TREE_WORKTREE;
    if (site_open(&new->site, &options, &new->diag, fault) != 0 ||
        site_load(&new->site, NULL, &new->diag, fault) != 0 || find_root(new, fault) != 0) {
        return COMMAND_FAILED;
    }
    int status = choose_kind(new);
    if (status == COMMAND_DONE) {
        status = choose_org(new);
    }
    if (status != COMMAND_DONE) {
        return status;
    }
    if (choose_values(new, fault) != 0 || choose_path(new, fault) != 0 || fill(new, fault) != 0 ||
        write_one(new, new->path, &new->markdown, fault) != 0 ||
        (new->csv.n > 0 && write_one(new, new->csv_path, &new->csv, fault) != 0)) {
        return COMMAND_FAILED;
    }
    return COMMAND_DONE;
}

int command_new(const struct options *options)
{
    struct new new = {.options = options, .markdown = BUF_EMPTY, .csv = BUF_EMPTY};
    struct fault fault = {.text = ""};
    if (options->argument_count < 1 || options->argument_count > 2) {
        return usage(&new, "写明是什么，如 gongkai new 公开事项 --item 财务收支%s",
                     "say what, as in gongkai new disclosure --item finance%s", "");
    }
    int status = make(&new, &fault);
    if (status == COMMAND_FAILED) {
        command_fail(&fault, options);
    } else if (status == COMMAND_DONE && options->is_json) {
        tell_json(&new);
    } else if (status == COMMAND_DONE) {
        tell_text(&new);
    }
    buf_free(&new.markdown);
    buf_free(&new.csv);
    site_free(&new.site);
    diag_free(&new.diag);
    return status;
}
