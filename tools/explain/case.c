/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Which case explain is asked about: typed in, or of a pack by its id.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/data/packs.h"
#include "tools/explain/explain.h"
#include "tools/tool.h"

int explain_skip_command(char **word, int n)
{
    int skip = n > 0 && strcmp(word[0], "mxcts") == 0;
    return skip + (n > skip && strcmp(word[skip], "explain") == 0);
}

/* ---- a case typed in ---- */

/* The columns, joined by single spaces; people also write 0x and capitals. The caller frees it. */
static char *join(char **word, int n)
{
    size_t length = 1, at = 0;
    for (int i = 0; i < n; i++)
        length += strlen(word[i]) + 1;
    char *text = malloc(length);
    for (int i = 0; text && i < n; i++) {
        const char *from = word[i];
        if (from[0] == '0' && (from[1] == 'x' || from[1] == 'X'))
            from += 2;
        if (i)
            text[at++] = ' ';
        for (; *from; from++)
            text[at++] = (char)tolower((unsigned char)*from);
    }
    if (text)
        text[at] = '\0';
    return text;
}

/* Number of words in `text`. */
static size_t words_in(const char *text)
{
    size_t n = *text != '\0';
    for (; *text; text++)
        n += *text == ' ';
    return n;
}

/* k from the number of columns, for a block operation without k=. 0 when they do not add up. */
static size_t k_of_columns(const mx_op_info *op, const mx_profile *profile, size_t columns)
{
    size_t once = 0, each = 0;
    for (size_t i = 0; i < op->n_in; i++) {
        size_t n = 1 + (size_t)(op->in[i].kind == MX_COL_VALUE && op->rounds && profile->round == MX_SR);
        if (op->in[i].count == MX_PER_ELEMENT)
            each += n;
        else
            once += n;
    }
    if (!each || columns < once || (columns - once) % each)
        return 0;
    return (columns - once) / each;
}

/* What the operation needs and was not given, or NULL. */
static const char *missing(const mx_op_info *op, const mx_batch *shape)
{
    int countable = 0; /* k follows from the columns */
    for (size_t i = 0; i < op->n_in; i++)
        countable |= op->in[i].count == MX_PER_ELEMENT;
    return op->has_elem && !shape->elem              ? "elem="
           : op->has_type && !shape->type            ? "type="
           : op->is_matrix && !shape->rows           ? "rows="
           : op->is_matrix && !shape->cols           ? "cols="
           : op->layouts && !shape->layout           ? "layout="
           : op->is_block && !countable && !shape->k ? "k="
                                                     : NULL;
}

/* k of a shape that was typed in without it, from its columns; 0 when they do not add up. */
static size_t k_of(const mx_op_info *op, const mx_batch *shape, size_t columns)
{
    if (op->is_matrix)
        return shape->rows * shape->cols;
    if (!op->is_block)
        return 1;
    return shape->k ? shape->k : k_of_columns(op, &shape->profile, columns);
}

static int new_pack(explain *x, const mx_batch *shape, const char *columns)
{
    mxv_error error = {0, ""};
    char why[MX_WHY] = "";
    mx_status status = mx_shape_check(shape, why);
    if (status == MX_OK)
        status = mxv_pack_new(&x->pack, shape);
    if (status == MX_OK)
        status = mxv_parse_inputs(&x->pack->batch, 0, columns, strlen(columns), &error);
    if (status == MX_OK)
        return 0;
    tool_usage("%s", error.text[0] ? error.text : why[0] ? why : mx_status_text(status));
    return -1;
}

/* "OP elem=... type=... [k=...] [axis=value ...] COLUMNS" */
int explain_typed(explain *x, const char *profile_name, char **word, int n)
{
    mxc_profile profile;
    mxv_error error;
    mx_batch shape = {.op = mx_op_find(word[0], strlen(word[0])), .count = 1};
    int at = 1, taken = 0;
    x->op = mx_op_info_of(shape.op);
    if (mxc_profile_load(&profile, profile_name ? profile_name : "ocp-mx-1.0", &error) != MX_OK)
        return tool_usage("%s", error.text), -1;
    shape.profile = profile.values;
    for (; at < n && (taken = tool_shape_word(&shape, word[at])) == 0; at++)
        ;
    if (taken < 0)
        return -1;
    if (missing(x->op, &shape))
        return tool_usage("%s is wanted after %s", missing(x->op, &shape), word[0]), -1;
    snprintf(x->profile, sizeof x->profile, "%s%s", profile.name,
             memcmp(&shape.profile, &profile.values, sizeof shape.profile) ? ", changed" : "");
    char *columns = join(word + at, n - at);
    if (!columns)
        return tool_error("out of memory"), -1;
    shape.k = k_of(x->op, &shape, words_in(columns));
    int bad = 0;
    if (!shape.k || shape.k > MX_BLOCK_MAX)
        bad = tool_usage("%zu columns do not make the inputs of %s", words_in(columns), x->op->name);
    else
        bad = new_pack(x, &shape, columns);
    free(columns);
    return bad ? -1 : 0;
}

/* ---- a case of a pack ---- */

int explain_pack_holds(const char *path, const char *id)
{
    char *line = NULL;
    size_t room = 0, n = strlen(id);
    int found = 0;
    FILE *in = fopen(path, "r");
    while (in && !found && getline(&line, &room, in) > 0)
        found = strncmp(line, id, n) == 0 && line[n] == ' ';
    free(line);
    if (in)
        fclose(in);
    return found;
}

/* Path of the one pack that --pack names; the caller frees it. NULL with the line printed. */
static char *given_pack(const char *given)
{
    mxv_error error;
    mxc_paths paths = {0};
    char *path = NULL;
    if (mxc_packs_of(&paths, &given, 1, &error) != MX_OK)
        tool_error("%s", error.text);
    else if (paths.count != 1)
        tool_usage("'%s' names %zu packs where one was wanted", given, paths.count);
    else
        path = strdup(paths.path[0]);
    mxc_paths_free(&paths);
    return path;
}

/* Path of the pack that has the case; the caller frees it. NULL with the line printed. */
static char *find_pack(const char *id)
{
    mxv_error error;
    mxc_paths paths = {0};
    char *folder = mxc_data_path("vectors/packs", &error), *path = NULL;
    if (!folder || mxc_paths_find(&paths, folder, ".mxv", &error) != MX_OK) {
        tool_error("%s", error.text);
        free(folder);
        return NULL;
    }
    for (size_t i = 0; i < paths.count && !path; i++)
        if (explain_pack_holds(paths.path[i], id))
            path = strdup(paths.path[i]);
    if (!path)
        tool_usage("no case '%s' in the %zu packs below %s, and no operation of that name", id, paths.count, folder);
    mxc_paths_free(&paths);
    free(folder);
    return path;
}

/* Case i of the pack as a pack of its own. */
static int take_case(explain *x, const mxv_pack *from, size_t i)
{
    mx_batch shape = from->batch;
    shape.count = 1;
    x->op = mx_op_info_of(shape.op);
    snprintf(x->id, sizeof x->id, "%s", from->label[i].id);
    snprintf(x->tags, sizeof x->tags, "%s", from->label[i].tags);
    x->class_ = from->label[i].class_;
    snprintf(x->profile, sizeof x->profile, "that of the pack");
    char *columns = malloc(mxv_inputs_text(&from->batch));
    x->recorded = malloc(mxv_outputs_text(&from->batch));
    int bad = !columns || !x->recorded;
    if (bad) {
        tool_error("out of memory");
    } else {
        mxv_format_inputs(&from->batch, i, columns);
        mxv_format_outputs(&from->batch, &from->open, i, x->recorded);
        bad = new_pack(x, &shape, columns);
    }
    free(columns);
    return bad ? -1 : 0;
}

int explain_from_pack(explain *x, const char *given, const char *id)
{
    mxv_error error;
    mxv_pack *pack;
    char *path = given ? given_pack(given) : find_pack(id);
    if (!path)
        return -1;
    const char *below = given ? NULL : strstr(path, "/packs/");
    snprintf(x->where, sizeof x->where, "%s", below ? below + strlen("/packs/") : path);
    int bad = mxv_load(&pack, path, &error) != MX_OK;
    free(path);
    if (bad)
        return tool_error("%s", error.text), -1;
    size_t i = 0;
    while (i < pack->batch.count && strcmp(pack->label[i].id, id) != 0)
        i++;
    bad = i == pack->batch.count ? (tool_usage("no case '%s' in %s", id, x->where), 1) : take_case(x, pack, i);
    mxv_pack_free(pack);
    return bad ? -1 : 0;
}

int explain_find(explain *x, const char *profile, const char *pack, char **word, int n)
{
    const int is_typed = mx_op_find(word[0], strlen(word[0])) != 0;
    if (is_typed && pack)
        tool_usage("--pack is for a case id, found the operation '%s'", word[0]);
    else if (is_typed)
        return explain_typed(x, profile, word, n);
    else if (n > 1 && !strchr(word[0], '.'))
        tool_op(word[0]); /* which says that it is none */
    else if (n > 1)
        tool_usage("'%s' after the case id: nothing was wanted", word[1]);
    else if (profile)
        tool_usage("--profile is for an operation typed in: '%s' has the profile of its pack", word[0]);
    else
        return explain_from_pack(x, pack, word[0]);
    return -1;
}
