package io.penstock.test.simulator.ixon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Actions on agents, such as a reboot. The server accepts them with 201, without a job to poll. The outcome is an entry
 * of the audit log, here with the action's path as its {@code topic} (undocumented).
 */
final class Actions {

    private final int polls;
    private final Rows rows;
    private final Clock clock;
    private @Nullable Duration time;
    private final Map<String, List<Running>> running = new HashMap<>();

    Actions(IxonRules rules, Rows rows) {
        this.polls = rules.actionPolls();
        this.rows = rows;
        this.clock = rules.clock();
    }

    void take(Duration newTime) {
        time = newTime;
    }

    void start(String agent, Outcome outcome) {
        Instant end = time == null ? null : clock.instant().plus(time);
        running.computeIfAbsent(agent, none -> new ArrayList<>()).add(new Running(outcome, end));
    }

    /** Finishes all actions on an agent and returns their number. */
    int finish(String agent) {
        List<Running> finished = running.remove(agent);
        if (finished == null) {
            return 0;
        }
        finished.forEach(action -> action.outcome.log(rows));
        return finished.size();
    }

    /** Counts a read of the agent or its audit log, before the read. Finishes the actions that are due. */
    void polled(String agent) {
        List<Running> actions = running.getOrDefault(agent, new ArrayList<>());
        for (Iterator<Running> it = actions.iterator(); it.hasNext(); ) {
            Running action = it.next();
            action.polls++;
            boolean over = action.end != null && !clock.instant().isBefore(action.end);
            if (action.polls == polls || over) {
                it.remove();
                action.outcome.log(rows);
            }
        }
    }

    /**
     * An entry in the audit log of a company and, if it concerns an agent, in that of the agent.
     *
     * @param company empty if the operation does not use one
     */
    record Outcome(String company, @Nullable String agent, ObjectNode entry) {
        void log(Rows rows) {
            String id = Ids.resource();
            rows.add(company + "/audit-logs", id, entry);
            if (agent != null) {
                rows.add(company + "/agents/" + agent + "/audit-logs", id, entry);
            }
        }
    }

    private static final class Running {
        private final Outcome outcome;
        private final @Nullable Instant end;
        private int polls;

        Running(Outcome outcome, @Nullable Instant end) {
            this.outcome = outcome;
            this.end = end;
        }
    }
}
