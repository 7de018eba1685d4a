#include "record/suggest.h"

#include "base/utf8.h"

struct word {
    uint32_t c[SUGGEST_LENGTH_MAX];
    int n; /* -1: too long */
};

static struct word word_of(struct str s)
{
    struct word word = {.n = 0};
    for (uint32_t c; utf8_next(&c, &s);) {
        if (word.n == SUGGEST_LENGTH_MAX) {
            word.n = -1;
            break;
        }
        word.c[word.n++] = c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    return word;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* How many characters must be put in, taken out, changed or swapped with their neighbour. */
static int edit_distance(const struct word *a, const struct word *b)
{
    int rows[3][SUGGEST_LENGTH_MAX + 1];
    for (int j = 0; j <= b->n; j++) {
        rows[0][j] = j;
    }
    for (int i = 1; i <= a->n; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= b->n; j++) {
            int change = above[j - 1] + (a->c[i - 1] != b->c[j - 1]);
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a->c[i - 1] == b->c[j - 2] && a->c[i - 2] == b->c[j - 1]) {
                row[j] = least(row[j], second[j - 2] + 1);
            }
        }
    }
    return rows[a->n % 3][b->n];
}

/* One in three characters may be wrong, and one of two. */
static bool is_misspelt(const struct word *x, const struct word *y, int distance)
{
    int longer = x->n > y->n ? x->n : y->n;
    return distance <= longer / 3 || (longer == 2 && distance == 1);
}

/* A word inside the other is near too. */
static bool is_near(struct str a, struct str b, const struct word *x, const struct word *y,
                    int distance)
{
    int longer = x->n > y->n ? x->n : y->n;
    int shorter = x->n + y->n - longer;
    return is_misspelt(x, y, distance) ||
           (shorter >= 2 && shorter * 2 >= longer && (str_find(a, b) >= 0 || str_find(b, a) >= 0));
}

void suggest_offer(struct suggest *suggest, struct str candidate)
{
    struct word x = word_of(suggest->wanted), y = word_of(candidate);
    if (x.n <= 0 || y.n <= 0) {
        return;
    }
    int distance = edit_distance(&x, &y);
    bool is_better = suggest->best.n == 0 || distance < suggest->distance;
    if (is_better && is_near(suggest->wanted, candidate, &x, &y, distance)) {
        suggest->best = candidate;
        suggest->distance = distance;
    }
}

/* Whether the characters of `a` stand in `b`, in their order: 低保 in 最低生活保障. */
static bool is_abbreviation(const struct word *a, const struct word *b)
{
    int found = 0;
    for (int j = 0; j < b->n && found < a->n; j++) {
        found += a->c[found] == b->c[j];
    }
    return a->n >= 2 && found == a->n;
}

/* How many characters of `a` stand in `b`, each of them taken once. */
static int count_shared(const struct word *a, const struct word *b)
{
    bool is_taken[SUGGEST_LENGTH_MAX] = {false};
    int shared = 0;
    for (int i = 0; i < a->n; i++) {
        for (int j = 0; j < b->n; j++) {
            if (!is_taken[j] && a->c[i] == b->c[j]) {
                is_taken[j] = true;
                shared++;
                break;
            }
        }
    }
    return shared;
}

enum { PART = 1000, ABBREVIATION = 2000, WHOLE = 3000, ALIKE = 4000, SHARE = 10 };

/* How far the candidate is: misspelt, then what is wanted a part of it, its abbreviation, more than
 * it, then alike; -1: not near. */
static int rank_of(struct str wanted, struct str candidate)
{
    struct word x = word_of(wanted), y = word_of(candidate);
    if (x.n <= 0 || y.n <= 0) {
        return -1;
    }
    int distance = edit_distance(&x, &y), shared = count_shared(&x, &y);
    if (is_misspelt(&x, &y, distance)) {
        return distance;
    }
    if (x.n >= 2 && str_find(candidate, wanted) >= 0) {
        return PART + distance;
    }
    if (is_abbreviation(&x, &y)) {
        return ABBREVIATION + distance;
    }
    if (y.n >= 2 && str_find(wanted, candidate) >= 0) {
        return WHOLE + distance;
    }
    bool is_latin = x.c[0] < 0x80; /* a few letters are in every word */
    return shared >= 2 && shared * 2 >= x.n && !is_latin
               ? ALIKE + (SUGGEST_LENGTH_MAX - shared) * SHARE + distance
               : -1;
}

void suggest_list_offer(struct suggest_list *list, struct str candidate)
{
    int rank = rank_of(list->wanted, candidate);
    size_t at = list->count;
    if (rank < 0) {
        return;
    }
    while (at > 0 && rank < list->ranks[at - 1]) {
        at--;
    }
    if (at == SUGGEST_LIST_MAX) {
        return;
    }
    list->count += list->count < SUGGEST_LIST_MAX;
    for (size_t i = list->count - 1; i > at; i--) {
        list->best[i] = list->best[i - 1];
        list->ranks[i] = list->ranks[i - 1];
    }
    list->best[at] = candidate;
    list->ranks[at] = rank;
}

/* Beside a better one, what is near in a lesser way was not meant. */
static bool is_as_near(int rank, int best)
{
    return best < PART ? rank == best : rank / PART == best / PART;
}

struct str suggest_list_text(const struct suggest_list *list, struct arena *arena)
{
    struct str text = {NULL, 0};
    for (size_t i = 0; i < list->count && is_as_near(list->ranks[i], list->ranks[0]); i++) {
        text = i == 0 ? list->best[0]
                      : arena_printf(arena, "%.*s、%.*s", STR_ARG(text), STR_ARG(list->best[i]));
    }
    return text;
}
