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

/* One in three characters may be wrong, and one of two; a word inside the other is near too. */
static bool is_near(struct str a, struct str b, const struct word *x, const struct word *y,
                    int distance)
{
    int longer = x->n > y->n ? x->n : y->n;
    int shorter = x->n + y->n - longer;
    if (distance <= longer / 3 || (longer == 2 && distance == 1)) {
        return true;
    }
    return shorter >= 2 && shorter * 2 >= longer && (str_find(a, b) >= 0 || str_find(b, a) >= 0);
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
