#include "check/personal.h"

#include "base/utf8.h"
#include "check/context.h"
#include "check/personal_kind.h"
#include "check/prefilter.h"
#include "check/serial.h"

#include <string.h>

static const struct kind {
    size_t least, most;
    enum personal_shape (*shape)(const struct personal_number *number);
    bool is_weak_in_words; /* letters, units and addresses speak against it */
} kinds[PERSONAL_RULE_COUNT] = {
    [PERSONAL_RULE_IDENTITY] = {18, 18, personal_identity_shape, false},
    [PERSONAL_RULE_OLD_IDENTITY] = {15, 15, personal_old_identity_shape, true},
    [PERSONAL_RULE_MOBILE] = {11, 15, personal_mobile_shape, true},
    [PERSONAL_RULE_CARD] = {16, 19, personal_card_shape, true},
};

struct search {
    struct personal_list *out;
    struct arena *arena;
    struct str bytes;
    enum personal_form form;
    enum normalise_gap most;       /* in a number */
    enum personal_certainty least; /* of a finding */
    struct context_table table;
};

/* The numeral at one end of the run is the end of a name (张三), or the begin of a word (三组). */
static bool is_in_word(const struct search *search, const struct normalise_run *run, size_t index)
{
    const struct normalise_digit *digit = &run->digits[index];
    struct str bytes = search->bytes;
    size_t beside = index == 0 ? digit->start - 1 : digit->end;
    return digit->script == NORMALISE_SCRIPT_CHINESE && !(index == 0 && digit->start == 0) &&
           beside < bytes.n && (unsigned char)bytes.p[beside] >= 0x80;
}

/* Does nothing stand in the run but the digits `from` to `to`? */
static bool is_whole_run(const struct search *search, const struct normalise_run *run, size_t from,
                         size_t to)
{
    return (from == 0 || (from == 1 && is_in_word(search, run, 0))) &&
           (to == run->count || (to + 1 == run->count && is_in_word(search, run, to)));
}

/* Digits `from` to `to` of the run as a number. */
static void take_number(struct personal_number *out, const struct search *search,
                        const struct normalise_run *run, size_t from, size_t to)
{
    *out = (struct personal_number){.count = to - from, .is_even = true};
    unsigned char joiner = 0;
    for (size_t i = from; i < to; i++) {
        const struct normalise_digit *digit = &run->digits[i];
        out->values[i - from] = digit->value;
        bool is_apart = i > from && digit->gap >= NORMALISE_GAP_SOFT;
        if (i == from || is_apart) {
            out->group_count++;
        }
        out->group[out->group_count - 1]++;
        if (is_apart) {
            out->is_even = out->is_even && (joiner == 0 || joiner == digit->joiner);
            joiner = digit->joiner;
        }
        out->gap = i > from && digit->gap > out->gap ? digit->gap : out->gap;
    }
    out->edge = NORMALISE_GAP_STRONG;
    for (size_t i = from; i <= to && i < run->count; i += to - from) { /* before it, behind it */
        bool is_weaker = i > 0 && run->digits[i].gap < out->edge;
        out->edge = is_weaker ? run->digits[i].gap : out->edge;
    }
    out->is_whole_run = is_whole_run(search, run, from, to);
    out->is_wrapped = out->is_whole_run && out->is_even && joiner == '\n' &&
                      out->group_count <= 3 && out->gap == NORMALISE_GAP_STRONG;
}

static enum personal_certainty judge(enum personal_shape shape, const struct kind *kind,
                                     const struct context *context)
{
    if (context->is_lowered) {
        return context->is_inherited && shape == PERSONAL_SHAPE_CERTAIN && !kind->is_weak_in_words
                   ? PERSONAL_CERTAINTY_DOUBTFUL
                   : PERSONAL_CERTAINTY_LOWERED;
    }
    bool is_of_phone = context->is_phone && (kind->shape == personal_card_shape ||
                                             kind->shape == personal_old_identity_shape);
    if (is_of_phone && shape <= PERSONAL_SHAPE_DOUBTFUL) {
        return PERSONAL_CERTAINTY_LOWERED; /* two landlines side by side */
    }
    if (context->is_raised && !is_of_phone) {
        return shape == PERSONAL_SHAPE_LABELLED ? PERSONAL_CERTAINTY_DOUBTFUL
                                                : PERSONAL_CERTAINTY_CERTAIN;
    }
    bool is_figures =
        context->is_counted && kind->is_weak_in_words && shape == PERSONAL_SHAPE_DOUBTFUL;
    if (shape <= PERSONAL_SHAPE_WEAK || is_figures) {
        return PERSONAL_CERTAINTY_NONE;
    }
    bool is_against =
        context->is_in_hash || context->is_in_url || context->is_amount || context->is_decimal;
    if (kind->is_weak_in_words && is_against) {
        return PERSONAL_CERTAINTY_LOWERED;
    }
    bool is_doubtful = kind->is_weak_in_words && (context->is_in_word || context->is_vague);
    return shape == PERSONAL_SHAPE_CERTAIN && !is_doubtful ? PERSONAL_CERTAINTY_CERTAIN
                                                           : PERSONAL_CERTAINTY_DOUBTFUL;
}

/* What the digits `from` to `to` are at most. */
static struct personal_finding test_number(struct search *search, const struct normalise_run *run,
                                           size_t from, size_t to)
{
    struct personal_number number;
    struct personal_finding best = {.start = run->digits[from].start,
                                    .end = run->digits[to - 1].end};
    struct context context;
    bool is_read = false;
    take_number(&number, search, run, from, to);
    if (number.gap > search->most) {
        return best;
    }
    for (size_t i = 0; i < PERSONAL_RULE_COUNT; i++) {
        const struct kind *kind = &kinds[i];
        bool has_cross = number.values[number.count - 1] == NORMALISE_X;
        if (number.count < kind->least || number.count > kind->most ||
            (has_cross && i != PERSONAL_RULE_IDENTITY)) {
            continue;
        }
        enum personal_shape shape = kind->shape(&number);
        if (shape == PERSONAL_SHAPE_NONE) {
            continue;
        }
        if (!is_read) {
            context_read(&context, &search->table, search->bytes, best.start, best.end,
                         search->form);
            is_read = true;
        }
        enum personal_certainty certainty = judge(shape, kind, &context);
        if (certainty > best.certainty) {
            best.certainty = certainty;
            best.rule = (enum personal_rule)i;
        }
    }
    for (size_t i = 0; i < number.count; i++) {
        best.digits[i] = number.values[i] == NORMALISE_X ? 'X' : (char)('0' + number.values[i]);
    }
    return best;
}

/* Keeps findings apart: of two that overlap, the more certain, then the longer. */
static void add_finding(struct search *search, const struct personal_finding *finding)
{
    struct personal_list *list = search->out;
    while (list->count > 0 && list->items[list->count - 1].end > finding->start) {
        const struct personal_finding *last = &list->items[list->count - 1];
        bool is_better = finding->certainty > last->certainty ||
                         (finding->certainty == last->certainty &&
                          finding->end - finding->start > last->end - last->start);
        if (!is_better) {
            return;
        }
        list->count--;
    }
    list->items = arena_grow(search->arena, list->items, list->count, sizeof *list->items);
    list->items[list->count++] = *finding;
}

/* A name may end in a numeral: 王五一三八... */
static bool is_behind_name(const struct normalise_run *run, size_t from)
{
    return from == 1 && run->digits[0].script == NORMALISE_SCRIPT_CHINESE &&
           run->digits[1].script == NORMALISE_SCRIPT_CHINESE;
}

/* Numbers begin and end where groups do: eleven places out of twenty are none. */
static void test_run(struct search *search, const struct normalise_run *run)
{
    const struct normalise_digit *digits = run->digits;
    for (size_t from = 0; from + NUMBER_PLACES_MIN <= run->count; from++) {
        bool is_border =
            from > 0 ? digits[from].gap != NORMALISE_GAP_NONE || is_behind_name(run, from)
                     : digits[0].start == 0 || !serial_is_digit(search->bytes, digits[0].start - 1);
        for (size_t to = from + NUMBER_PLACES_MIN; is_border && to <= run->count; to++) {
            if (to - from > NUMBER_PLACES_MAX) {
                break;
            }
            bool is_end = to < run->count ? digits[to].gap != NORMALISE_GAP_NONE ||
                                                digits[to].value == NORMALISE_X
                                          : !serial_is_digit(search->bytes, digits[to - 1].end);
            if (!is_end) {
                continue;
            }
            struct personal_finding finding = test_number(search, run, from, to);
            if (finding.certainty >= search->least) {
                add_finding(search, &finding);
            }
        }
    }
}

static void find(struct search *search)
{
    struct normalise_run run;
    struct str bytes = search->bytes;
    enum prefilter_speed speed = prefilter_speed();
    for (size_t at = 0; (at = prefilter_find(bytes, at, search->most, speed)) < bytes.n;) {
        at = normalise_read(&run, bytes, at);
        if (run.count >= NUMBER_PLACES_MIN) {
            test_run(search, &run);
        }
    }
}

void personal_find(struct personal_list *out, struct arena *arena, struct str bytes,
                   enum personal_form form)
{
    struct search search = {
        out, arena, bytes, form, NORMALISE_GAP_STRONG, PERSONAL_CERTAINTY_LOWERED, {0}};
    find(&search);
}

void personal_find_shown(struct personal_list *out, struct arena *arena, struct str bytes,
                         enum personal_form form)
{
    struct search search = {out, arena, bytes, form, NORMALISE_GAP_SOFT, PERSONAL_CERTAINTY_CERTAIN,
                            {0}};
    find(&search);
}

void personal_mask(struct buf *out, struct str bytes, const struct personal_list *found)
{
    size_t at = 0;
    for (size_t i = 0; i < found->count; i++) {
        buf_add(out, str_slice(bytes, at, found->items[i].start));
        struct str rest = str_slice(bytes, found->items[i].start, found->items[i].end);
        while (rest.n > 0) {
            uint32_t c;
            size_t n = utf8_decode(&c, rest);
            buf_add_char(out, rest.p[0] == '\n' ? '\n' : '*');
            rest = str_from(rest, n == 0 ? 1 : n);
        }
        at = found->items[i].end;
    }
    buf_add(out, str_from(bytes, at));
}

void personal_mask_all(struct buf *out, struct arena *arena, struct str bytes)
{
    struct personal_list found = {0};
    personal_find(&found, arena, bytes, PERSONAL_FORM_TEXT);
    personal_mask(out, bytes, &found);
}

static size_t count_while(struct str s, size_t at, bool is_star)
{
    size_t n = 0;
    while (at + n < s.n && (is_star ? s.p[at + n] == '*' : serial_is_digit(s, at + n))) {
        n++;
    }
    return n;
}

size_t personal_windows(struct personal_window *out, size_t max, struct str bytes)
{
    size_t count = 0;
    if (str_find(bytes, STR("**")) < 0) {
        return 0;
    }
    for (size_t at = 0; at < bytes.n && count < max;) {
        struct personal_window window = {.start = at, .before = count_while(bytes, at, false)};
        at += window.before;
        window.hidden = count_while(bytes, at, true);
        at += window.hidden;
        if (window.hidden < 2) {
            at += window.before + window.hidden == 0;
            continue;
        }
        window.after = count_while(bytes, at, false);
        at += window.after;
        at += at < bytes.n && (bytes.p[at] == 'X' || bytes.p[at] == 'x') && window.after > 0;
        size_t sum = at - window.start;
        window.after = sum - window.before - window.hidden;
        if (window.before + window.after > 0 && (sum == 11 || (sum >= 15 && sum <= 19))) {
            out[count++] = window;
        }
    }
    return count;
}
