/* SPDX-License-Identifier: BSD-3-Clause
 *
 * clauses.tsv: comment lines, a line of column names, a line a clause with tabs between its columns.
 */
#include "config.h"

#include <mx/conformance.h>

#include "conformance/data/clauses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conformance/data/tags.h"
#include "conformance/error.h"

enum { COLUMNS = 9 };

static const char columns[] = "id\tclass\tsure\tsource\tselects\tcases\tmutants\tnote\trequirement";

typedef struct ledger {
    mxc_clauses *made;
    const char *path;
    unsigned long line;
    mxv_error *error;
} ledger;

static mx_status bad(const ledger *l, const char *wanted, const char *found)
{
    return mxc_fail(l->error, MX_EPARSE, "%s:%lu: wanted %s, found '%.60s'", l->path, l->line, wanted, found);
}

/* ---- selectors ---- */

/* The bit of one value's name; 0 when it is not one. */
static uint64_t value_bit(const mxc_condition *c, const char *text, size_t length)
{
    unsigned id = 0;
    if (c->by == MXC_BY_OP)
        id = mx_op_find(text, length);
    else if (c->by == MXC_BY_ELEM)
        id = mx_elem_find(text, length);
    else if (c->by == MXC_BY_TYPE)
        id = mx_type_find(text, length);
    for (unsigned v = 1; c->by == MXC_BY_AXIS && v <= mx_axis_count(c->axis); v++) {
        const char *name = mx_axis_value_name(c->axis, v);
        if (strlen(name) == length && memcmp(name, text, length) == 0)
            id = v;
    }
    return id ? UINT64_C(1) << id : 0;
}

static int parse_values(mxc_condition *c)
{
    for (const char *at = c->words; *at; at += strcspn(at, ","), at += *at == ',') {
        size_t n = strcspn(at, ",");
        if (c->by == MXC_BY_TAG)
            continue;
        if (c->by == MXC_BY_K) {
            if (n == 0 || strspn(at, "0123456789") < n)
                return 0;
            continue;
        }
        uint64_t bit = value_bit(c, at, n);
        if (!bit)
            return 0;
        c->ids |= bit;
    }
    return *c->words != '\0';
}

/* "key=values" of a word that is cut into pieces. */
static int parse_condition(mxc_condition *c, char *word)
{
    static const char *const key[] = {NULL, "op", "elem", "type", "k", "tag"};
    char *equals = strchr(word, '=');
    if (!equals || equals == word)
        return 0;
    c->words = equals + 1;
    c->unwanted = equals[-1] == '!';
    size_t n = (size_t)(equals - word) - (size_t)c->unwanted;
    for (unsigned by = MXC_BY_OP; by <= MXC_BY_TAG; by++)
        if (strlen(key[by]) == n && memcmp(word, key[by], n) == 0)
            c->by = by;
    if (!c->by && (c->axis = mx_axis_find(word, n)) != 0)
        c->by = MXC_BY_AXIS;
    return c->by && parse_values(c);
}

/* "op=cast tag=a,b | elem=int8": words are conditions that must all hold, bars stand between alternatives. */
static mx_status parse_selector(const ledger *l, struct mxc_clause *clause)
{
    if (strcmp(clause->selects, "-") == 0)
        return MX_OK;
    char *copy = strdup(clause->selects), *state = NULL;
    clause->condition = calloc(strlen(clause->selects) / 2 + 1, sizeof *clause->condition);
    if (!copy || !clause->condition) {
        free(copy);
        return mxc_no_memory(l->error);
    }
    mx_status status = MX_OK;
    for (char *word = strtok_r(copy, " ", &state); word && status == MX_OK; word = strtok_r(NULL, " ", &state)) {
        mxc_condition *c = &clause->condition[clause->conditions];
        if (strcmp(word, "|") == 0 && clause->conditions && !c[-1].next_other) {
            c[-1].next_other = 1;
        } else if (strcmp(word, "|") == 0 || !parse_condition(c, word)) {
            status = bad(l, "a selector (op=, elem=, type=, k=, tag= or AXIS= with known values; '|' between)",
                         clause->selects);
        } else {
            c->words = strdup(c->words);
            status = c->words ? MX_OK : mxc_no_memory(l->error);
            clause->conditions++;
        }
    }
    free(copy);
    return status;
}

static int k_listed(const char *words, size_t k)
{
    for (const char *at = words; *at; at += strcspn(at, ","), at += *at == ',')
        if (strtoull(at, NULL, 10) == k)
            return 1;
    return 0;
}

/* A condition on the pack; those on tags hold as far as is known. */
static int pack_holds(const mxc_condition *c, const mx_batch *shape)
{
    int found;
    switch (c->by) {
    case MXC_BY_OP:
        found = (int)(c->ids >> shape->op & 1);
        break;
    case MXC_BY_ELEM:
        found = (int)(c->ids >> shape->elem & 1);
        break;
    case MXC_BY_TYPE:
        found = (int)(c->ids >> shape->type & 1);
        break;
    case MXC_BY_K:
        found = k_listed(c->words, shape->k);
        break;
    case MXC_BY_AXIS:
        found = (int)(c->ids >> mx_profile_get(&shape->profile, c->axis) & 1);
        break;
    default:
        return 1;
    }
    return found != c->unwanted;
}

static int tag_holds(const mxc_condition *c, const char *tags)
{
    char tag[MXC_LINE];
    int found = 0;
    if (c->by != MXC_BY_TAG)
        return 1;
    for (const char *at = c->words; *at && !found; at += strcspn(at, ","), at += *at == ',') {
        mxc_say(tag, sizeof tag, "%.*s", (int)strcspn(at, ","), at);
        found = mxc_tags_have(tags, tag);
    }
    return found != c->unwanted;
}

/* Some alternative holds. `tags` NULL: not known yet. */
static int selects(const struct mxc_clause *clause, const mx_batch *shape, const char *tags)
{
    int holds = 1;
    for (size_t i = 0; i < clause->conditions; i++) {
        const mxc_condition *c = &clause->condition[i];
        holds = holds && pack_holds(c, shape) && (!tags || tag_holds(c, tags));
        if (holds && (c->next_other || i + 1 == clause->conditions))
            return 1;
        if (c->next_other)
            holds = 1;
    }
    return 0;
}

int mxc_clause_may_select(const struct mxc_clause *clause, const mx_batch *shape)
{
    return selects(clause, shape, NULL);
}

int mxc_clause_selects(const mxc_clause *clause, const mx_batch *shape, const mxv_label *label)
{
    return selects(clause, shape, label->tags);
}

/* ---- reading ---- */

static mx_status add_source(const ledger *l, char *line)
{
    mxc_clauses *m = l->made;
    char *colon = strchr(line, ':');
    mxc_clause_source *more = realloc(m->source, (m->sources + 1) * sizeof *more);
    if (!more)
        return mxc_no_memory(l->error);
    m->source = more;
    if (!colon || colon[1] != ' ')
        return bad(l, "'# source ID: where'", line);
    *colon = '\0';
    m->source[m->sources++] = (mxc_clause_source){line + strlen("# source "), colon + 2};
    return MX_OK;
}

static int parse_count(const char *text, size_t *count)
{
    *count = strtoull(text, NULL, 10);
    return strspn(text, "0123456789") == strlen(text);
}

static mx_status add_clause(const ledger *l, char *line)
{
    mxc_clauses *m = l->made;
    char *cell[COLUMNS] = {line};
    int n = 1;
    for (char *tab = strchr(line, '\t'); tab; tab = strchr(tab + 1, '\t')) {
        *tab = '\0';
        if (n < COLUMNS)
            cell[n] = tab + 1;
        n++;
    }
    if (n != COLUMNS)
        return bad(l, "9 columns with tabs between", cell[0]);
    for (int i = 0; i < COLUMNS; i++)
        if (!*cell[i])
            return bad(l, "no empty column (- for none)", cell[0]);
    struct mxc_clause *more = realloc(m->clause, (m->count + 1) * sizeof *more);
    if (!more)
        return mxc_no_memory(l->error);
    m->clause = more;
    struct mxc_clause *c = &more[m->count];
    *c = (struct mxc_clause){
        cell[0], cell[2], cell[3], cell[4], cell[7], cell[8], mx_class_find(cell[1], strlen(cell[1])), 0, 0, NULL, 0};
    if (!c->class_)
        return bad(l, "a class (must, should, free or silent)", cell[1]);
    if (!parse_count(cell[5], &c->stated))
        return bad(l, "a number of cases", cell[5]);
    if (!parse_count(cell[6], &c->mutants))
        return bad(l, "a number of mutants", cell[6]);
    if (!strchr("ABCD", *c->sure) || !strchr("+-", c->sure[1]) || strlen(c->sure) > 2)
        return bad(l, "how sure it is (A to D, with + or -)", c->sure);
    if (m->count && mxc_clause_find(m, c->id))
        return bad(l, "each clause once", c->id);
    m->count++;
    return parse_selector(l, c);
}

static char *slurp(const char *path, size_t *length, mxv_error *error)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    ssize_t n = in ? getdelim(&text, &room, '\0', in) : -1;
    if (n < 0)
        mxc_fail(error, MX_EIO, "%s: %s", path, in ? "cannot be read, or is empty" : strerror(errno));
    if (in)
        fclose(in);
    if (n < 0) {
        free(text);
        return NULL;
    }
    *length = (size_t)n;
    return text;
}

static mx_status read_lines(ledger *l, char *text, size_t length)
{
    mx_status status = MX_OK;
    int named = 0;
    if (text[length - 1] != '\n' || strlen(text) != length)
        return bad(l, "text that ends with a line feed", "another end, or a NUL");
    for (char *line = text, *feed; status == MX_OK && *line; line = feed + 1) {
        feed = strchr(line, '\n');
        *feed = '\0';
        l->line++;
        if (l->line == 1 && strcmp(line, "#mxclauses 1") != 0)
            status = bad(l, "#mxclauses 1", line);
        else if (!named && strcmp(line, columns) == 0)
            named = 1;
        else if (!named && strncmp(line, "# source ", 9) == 0)
            status = add_source(l, line);
        else if (!named && *line != '#')
            status = bad(l, "the names of the columns", line);
        else if (named)
            status = add_clause(l, line);
    }
    return status == MX_OK && !l->made->count ? bad(l, "a clause", "the end of the file") : status;
}

static mx_status load(ledger *l)
{
    size_t length = 0;
    l->made->text = slurp(l->path, &length, l->error);
    if (!l->made->text)
        return MX_EIO;
    char *names = strstr(l->made->text, columns);
    l->made->head = names ? strndup(l->made->text, (size_t)(names - l->made->text)) : strdup("");
    return l->made->head ? read_lines(l, l->made->text, length) : mxc_no_memory(l->error);
}

mx_status mxc_clauses_load(mxc_clauses **clauses, const char *path, mxv_error *error)
{
    char *found = path ? strdup(path) : mxc_data_path("clauses.tsv", error);
    if (!found)
        return MX_EIO;
    ledger l = {calloc(1, sizeof *l.made), found, 0, error};
    mx_status status = l.made ? load(&l) : mxc_no_memory(error);
    free(found);
    if (status != MX_OK) {
        mxc_clauses_free(l.made);
        return status;
    }
    *clauses = l.made;
    return MX_OK;
}

void mxc_clauses_free(mxc_clauses *clauses)
{
    if (!clauses)
        return;
    for (size_t i = 0; i < clauses->count; i++) {
        for (size_t c = 0; c < clauses->clause[i].conditions; c++)
            free(clauses->clause[i].condition[c].words);
        free(clauses->clause[i].condition);
    }
    free(clauses->clause);
    free(clauses->source);
    free(clauses->head);
    free(clauses->text);
    free(clauses);
}

const mxc_clause *mxc_clause_find(const mxc_clauses *clauses, const char *id)
{
    for (size_t i = 0; i < clauses->count; i++)
        if (strcasecmp(clauses->clause[i].id, id) == 0)
            return &clauses->clause[i];
    return NULL;
}

/* ---- counting and writing ---- */

static mx_status count_pack(mxc_clause_counts *counts, const mxc_clauses *clauses, const char *path, mxv_error *error)
{
    mxv_pack *pack = NULL;
    uint8_t *may = calloc(clauses->count, 1);
    mx_status status = may ? mxv_load(&pack, path, error) : mxc_no_memory(error);
    for (size_t c = 0; status == MX_OK && c < clauses->count; c++)
        may[c] = (uint8_t)mxc_clause_may_select(&clauses->clause[c], &pack->batch);
    for (size_t i = 0; status == MX_OK && i < pack->batch.count; i++) {
        size_t claims = 0;
        for (size_t c = 0; c < clauses->count; c++) {
            size_t hit = may[c] && mxc_clause_selects(&clauses->clause[c], &pack->batch, &pack->label[i]);
            counts->cases[c] += hit;
            claims += hit;
        }
        if (!claims && counts->unclaimed < sizeof counts->first / sizeof counts->first[0])
            mxc_say(counts->first[counts->unclaimed], sizeof counts->first[0], "%s", pack->label[i].id);
        counts->unclaimed += !claims;
        counts->total++;
    }
    mxv_pack_free(pack);
    free(may);
    return status;
}

mx_status mxc_clauses_count(mxc_clause_counts *counts, const mxc_clauses *clauses, const mxc_paths *packs,
                            mxv_error *error)
{
    *counts = (mxc_clause_counts){.cases = calloc(clauses->count, sizeof *counts->cases)};
    mx_status status = counts->cases ? MX_OK : mxc_no_memory(error);
    for (size_t p = 0; status == MX_OK && p < packs->count; p++)
        status = count_pack(counts, clauses, packs->path[p], error);
    if (status != MX_OK) {
        free(counts->cases);
        counts->cases = NULL;
    }
    return status;
}

mx_status mxc_clauses_write(FILE *out, const mxc_clauses *clauses, const size_t *cases, const size_t *mutants)
{
    fprintf(out, "%s%s\n", clauses->head, columns);
    for (size_t i = 0; i < clauses->count; i++) {
        const struct mxc_clause *c = &clauses->clause[i];
        fprintf(out, "%s\t%s\t%s\t%s\t%s\t%zu\t%zu\t%s\t%s\n", c->id, mx_class_name(c->class_), c->sure, c->source,
                c->selects, cases[i], mutants ? mutants[i] : c->mutants, c->note, c->requirement);
    }
    return ferror(out) ? MX_EIO : MX_OK;
}
