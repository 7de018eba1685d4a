/* new_values: where a new record stands, and all that can be known of it. */
#include "commands/new.h"

#include "commands/earlier.h"

#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

enum { SAME_NAME_MAX = 99 };

static void set_value(struct new *new, struct str key, struct str text)
{
    if (text.n > 0 && new->value_count < TEMPLATE_VALUES_MAX) {
        new->values[new->value_count++] = (struct template_value){key, text};
    }
}

struct str new_known(const struct new *new, struct str key)
{
    for (size_t i = 0; i < new->value_count; i++) {
        if (str_equal(new->values[i].key, key)) {
            return new->values[i].text;
        }
    }
    return STR("");
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
        new->folder = arena_copy(&new->site.arena, buf_str(&folder));
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
    struct str words = period_words(&new->site.arena, period);
    if (options->argument_count > 1) {
        return str_of(options->arguments[1]);
    }
    struct str name = new->item != NULL ? new->item->name : new->kind->zh;
    return arena_printf(&new->site.arena, "%.*s%.*s%.*s", STR_ARG(place_name(new)), STR_ARG(words),
                        STR_ARG(name));
}

static void choose_notice(struct new *new)
{
    int days = new->item != NULL ? new->item->notice_days : 0;
    if (days == 0 || !has_field(new, "notice_start")) {
        return;
    }
    struct date end = date_from_days(date_to_days(new->site.as_of) + days + 1); /* a day to spare */
    set_value(new, STR("notice_start"), date_text(&new->site.arena, new->site.as_of));
    set_value(new, STR("notice_end"), date_text(&new->site.arena, end));
}

/* "2026-11-财务收支", "2026-12-05-路灯维修": the period or the day, then what it is called. */
static struct str name_of(struct new *new)
{
    struct str period = new_known(new, STR("period"));
    struct str title = new->options->argument_count > 1 ? str_of(new->options->arguments[1])
                       : new->item != NULL              ? new->item->name
                                                        : new->kind->zh;
    struct buf name = BUF_EMPTY;
    buf_add(&name, period.n > 0 ? period : new_known(new, STR("date")));
    buf_add_char(&name, '-');
    template_file_name(&name, title);
    struct str copy = arena_copy(&new->site.arena, buf_str(&name));
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
    struct arena *arena = &new->site.arena;
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

int new_choose_values(struct new *new, struct fault *fault)
{
    struct arena *arena = &new->site.arena;
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
    return choose_from_earlier(new, fault) != 0 ? -1 : choose_path(new, fault);
}
