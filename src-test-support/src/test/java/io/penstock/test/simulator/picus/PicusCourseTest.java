package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.JobCourse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PicusCourseTest {

    private static final String LIST = "/v1/simulations";
    private static final String FIRST = LIST + "/1";
    private static final String REPORTS = "/v2/simulations/1/results/reports";

    private final SteppedClock clock = SteppedClock.startingNow();
    private final PicusSimulator picus =
            PicusSimulator.start(PicusRules.documented().withClock(clock));
    private final Caller caller = new Caller(picus);

    @BeforeEach
    void take() {
        JobCourse course = JobCourse.starting("RUNNING").then(Duration.ofSeconds(5), "COMPLETED");
        picus.runsTake(course);
        picus.reportsTake(course);
    }

    @AfterEach
    void stop() {
        picus.close();
    }

    @Test
    void listsSimulationInStateOfItsCourse() throws Exception {
        caller.simulate("a");
        assertThat(first(LIST).path("status").stringValue()).isEqualTo("RUNNING");
        assertThat(caller.get(LIST + "?status=COMPLETED").json().path("simulations"))
                .isEmpty();
        clock.advance(Duration.ofSeconds(5));
        assertThat(first(LIST + "?status=COMPLETED").path("completion_ratio").intValue())
                .isEqualTo(100);
    }

    @Test
    void listsSimulationOnceItsRunExists() throws Exception {
        picus.runsTake(JobCourse.starting("RUNNING").appearingAfter(Duration.ofSeconds(1)));
        caller.simulate("a");
        assertThat(caller.get(FIRST).status()).isEqualTo(404);
        assertThat(caller.get(LIST).json().path("simulations")).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(caller.get(LIST).json().path("simulations")).hasSize(1);
    }

    @Test
    void showsEveryRunInStateOfItsCourse() throws Exception {
        caller.simulate("a");
        caller.post(FIRST + "/simulate-now", "");
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.get(FIRST).json().at("/Simulations/simulation_run").findValuesAsString("status"))
                .containsExactly("COMPLETED", "COMPLETED");
    }

    @Test
    void refusesToCancelRunThatHasEndedByItsCourse() throws Exception {
        caller.simulate("a");
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.put(FIRST + "/cancel", "").status()).isEqualTo(400);
        assertThat(caller.get(FIRST).json().at("/Simulations/status").stringValue())
                .isEqualTo("COMPLETED");
    }

    @Test
    void downloadsReportThatHasEndedByItsCourse() throws Exception {
        caller.simulate("a");
        caller.post(REPORTS + "?type=overview", "{\"format\":[\"PDF\"]}");
        assertThat(caller.get(REPORTS + "/1/download").status()).isEqualTo(404);
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.get(REPORTS + "/1/download").status()).isEqualTo(200);
    }

    @Test
    void updateChangesTimeOfUpdate() throws Exception {
        caller.simulate("a");
        long before = first(LIST).path("updated_at").longValue();
        clock.advance(Duration.ofSeconds(3));
        caller.put(FIRST, "{\"schedule_now\":false}");
        assertThat(first(LIST).path("updated_at").longValue()).isEqualTo(before + 3);
        assertThat(caller.get(FIRST).json().at("/Simulations/created_at").longValue())
                .isEqualTo(before);
    }

    private JsonNode first(String path) throws Exception {
        return caller.get(path).json().at("/simulations/0");
    }
}
