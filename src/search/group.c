/* group: see group.h. */
#include "search/group.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Counts the groups' members into start[g + 1], and says in slot[cell] which group a cell is of. */
static void count_members(const SweepPlan *plan, Groups *groups, int64_t *slot) {
    for (int64_t cell = 0; cell < plan->cells; cell++) {
        int64_t first = plan_group(plan, cell);
        slot[cell] = first == cell ? groups->count++ : slot[first];
        groups->start[slot[cell] + 1]++;
    }
}

bool groups_make(const SweepPlan *plan, Groups *out, Error *err) {
    size_t cells = (size_t)plan->cells;
    int64_t *slot = calloc(cells, sizeof *slot), *used = calloc(cells, sizeof *used);
    *out = (Groups){.start = calloc(cells + 1, sizeof *out->start), .member = calloc(cells, sizeof *out->member)};
    bool ok = slot && used && out->start && out->member;
    if (ok) {
        count_members(plan, out, slot);
        for (int64_t g = 0; g < out->count; g++) out->start[g + 1] += out->start[g];
        for (int64_t cell = 0; cell < plan->cells; cell++)
            out->member[out->start[slot[cell]] + used[slot[cell]]++] = cell;
    }
    free(slot);
    free(used);
    if (ok) return true;
    groups_free(out);
    return fail(err, "%zu cells need more memory than there is", cells);
}

void groups_free(Groups *groups) {
    free(groups->start);
    free(groups->member);
    *groups = (Groups){0};
}

bool groups_by_axis(const SweepPlan *plan, int axis) {
    return axis >= plan->drawn && strcmp(plan->axis[axis].key, "seed") == 0;
}

void group_describe(const SweepPlan *plan, int64_t cell, char *out, size_t size) {
    out[0] = '\0';
    for (int i = 0; i < plan->axes; i++) {
        if (groups_by_axis(plan, i)) continue;
        Json *value = plan_value(plan, cell, i);
        char *text = axis_text(value);
        text_append(out, size, "%s%s=%s", *out ? " " : "", plan->axis[i].key, text);
        free(text);
        json_free(value);
    }
    if (!*out) text_copy(out, size, "the only configuration");
}
