/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a report is made of, a row a member: what is read is what was written.
 */
#include "config.h"

#include "conformance/report/json.h"

#define END                                                                                                            \
    {                                                                                                                  \
        NULL, (mxc_field_kind)0, 0, 0                                                                                  \
    }

const mxc_field mxc_head_fields[] = {MXC_FIELD_AS("tool_version", mxc_report, tool, CHARS, MXC_NAME),
                                     MXC_FIELD_CHARS(mxc_report, begun),
                                     MXC_FIELD_CHARS(mxc_report, conclusion),
                                     MXC_FIELD_CHARS(mxc_report, misconduct),
                                     MXC_FIELD(mxc_report, strict, FLAG),
                                     MXC_FIELD_AS("stderr", mxc_report, stderr_text, STRING_OR_NULL, 0),
                                     MXC_FIELD_AS("milliseconds", mxc_report, seconds, MILLISECONDS, 0),
                                     MXC_FIELD(mxc_report, tally, TALLY),
                                     MXC_FIELD(mxc_report, deviations, SIZE),
                                     MXC_FIELD(mxc_report, diagnosed, SIZE),
                                     END};

const mxc_field mxc_counts_fields[] = {MXC_FIELD(mxc_counts, seen, COUNT), MXC_FIELD(mxc_counts, answered, COUNT),
                                       MXC_FIELD(mxc_counts, refused, COUNT), END};

const mxc_field mxc_asked_fields[] = {MXC_FIELD_AS("ops", mxc_asked, filter.ops, SET, NOUN_OP),
                                      MXC_FIELD_AS("elems", mxc_asked, filter.elems, SET, NOUN_ELEM),
                                      MXC_FIELD_AS("types", mxc_asked, filter.types, SET, NOUN_TYPE),
                                      MXC_FIELD(mxc_asked, tag, STRING_OR_NULL),
                                      MXC_FIELD(mxc_asked, clause, STRING_OR_NULL),
                                      END};

const mxc_field mxc_shape_fields[] = {MXC_FIELD_OF(mx_batch, op, ID, NOUN_OP),
                                      MXC_FIELD_OF(mx_batch, elem, ID_OR_NULL, NOUN_ELEM),
                                      MXC_FIELD_OF(mx_batch, type, ID_OR_NULL, NOUN_TYPE),
                                      MXC_FIELD_OF(mx_batch, layout, ID_OR_NULL, NOUN_LAYOUT),
                                      MXC_FIELD(mx_batch, k, SIZE),
                                      MXC_FIELD(mx_batch, count, SIZE),
                                      END};

const mxc_field mxc_pack_fields[] = {MXC_FIELD(mxc_pack_result, path, STRING),
                                     MXC_FIELD_CHARS(mxc_pack_result, sha256),
                                     MXC_FIELD_OF(mxc_pack_result, verdict, ID, NOUN_VERDICT),
                                     MXC_FIELD_CHARS(mxc_pack_result, reason),
                                     MXC_FIELD_AS("microseconds", mxc_pack_result, seconds, MICROSECONDS, 0),
                                     MXC_FIELD(mxc_pack_result, exhaustive, FLAG),
                                     MXC_FIELD(mxc_pack_result, known, SIZE),
                                     MXC_FIELD(mxc_pack_result, tally, TALLY),
                                     END};

const mxc_field mxc_failure_fields[] = {MXC_FIELD(mxc_failure, pack, SIZE),
                                        MXC_FIELD(mxc_failure, index, SIZE),
                                        MXC_FIELD(mxc_failure, id, STRING),
                                        MXC_FIELD_AS("class", mxc_failure, class_, ID, NOUN_CLASS),
                                        MXC_FIELD(mxc_failure, tags, STRING),
                                        MXC_FIELD(mxc_failure, inputs, STRING),
                                        MXC_FIELD(mxc_failure, want, STRING),
                                        MXC_FIELD(mxc_failure, got, STRING),
                                        MXC_FIELD_AS("cells", mxc_failure, diff.cells, SIZE, 0),
                                        MXC_FIELD_AS("explanations", mxc_failure, departures, SIZE, 0),
                                        MXC_FIELD(mxc_failure, line, STRING),
                                        MXC_FIELD(mxc_failure, explained, STRING_OR_NULL),
                                        END};

const mxc_field mxc_axis_count_fields[] = {
    MXC_FIELD_AXIS("explained_by", mxc_axis_count), MXC_FIELD(mxc_axis_count, count, SIZE),
    MXC_FIELD(mxc_axis_count, alone, SIZE),         MXC_FIELD(mxc_axis_count, example, STRING),
    MXC_FIELD(mxc_axis_count, line, STRING),        END};

const mxc_field mxc_clause_fields[] = {MXC_FIELD_AS("clause", mxc_clause_result, id, STRING, 0),
                                       MXC_FIELD_AS("class", mxc_clause_result, class_, ID, NOUN_CLASS),
                                       MXC_FIELD(mxc_clause_result, requirement, STRING),
                                       MXC_FIELD(mxc_clause_result, tally, TALLY), END};

const mxc_field mxc_tag_fields[] = {MXC_FIELD(mxc_tag_count, tag, STRING), MXC_FIELD(mxc_tag_count, expected, SIZE),
                                    MXC_FIELD(mxc_tag_count, judged, SIZE), MXC_FIELD(mxc_tag_count, failed, SIZE),
                                    END};
