package io.penstock.test.simulator.picus;

import tools.jackson.databind.node.ObjectNode;

/** One run of a simulation. Its id is a number in most responses and a string in the simulation's detail. */
final class Run {

    final long id;
    final Job job;
    private final long startedAt;
    String failReason = "";

    Run(long id, Job job, long startedAt) {
        this.id = id;
        this.job = job;
        this.startedAt = startedAt;
    }

    boolean completed() {
        return job.status().equals(Job.COMPLETED);
    }

    /** Returns the form in the responses of create and simulate-now (recorded). */
    ObjectNode info() {
        return Json.object().put("id", id).put("status", job.status()).put("browser", "");
    }

    /** Returns the form in the simulation's detail. */
    ObjectNode summary() {
        ObjectNode summary = Json.object().put("id", Long.toString(id)).put("status", job.status());
        return times(summary).put("fail_reason_message", failReason);
    }

    /** Adds the times in epoch seconds. A run takes no time, which is this simulator's choice. */
    ObjectNode times(ObjectNode body) {
        return body.put("started_at", startedAt)
                .put("completed_at", job.isEnded() ? startedAt : 0)
                .put("scheduled_time", startedAt);
    }
}
