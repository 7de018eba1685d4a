#include "base/beside.h"

static void *run(void *argument)
{
    struct beside *beside = argument;
    beside->result = beside->work(beside->context, &beside->fault);
    return NULL;
}

void beside_start(struct beside *out, beside_work *work, void *context)
{
    *out = (struct beside){.work = work, .context = context};
    out->has_thread = pthread_create(&out->thread, NULL, run, out) == 0;
    if (!out->has_thread) {
        run(out);
    }
}

int beside_end(struct beside *beside, int rc, struct fault *fault)
{
    if (beside->has_thread) {
        pthread_join(beside->thread, NULL);
    }
    if (rc != 0 || beside->result == 0) {
        return rc;
    }
    *fault = beside->fault;
    return beside->result;
}
