package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request may collect sixty points here: each query below has three, one a minute. */
class IxonRequestLimitTest {

    private final IxonSimulator ixon =
            IxonSimulator.start(IxonRules.documented().withRowsPerSecond(1));
    private final Caller caller = new Caller(ixon);

    @AfterEach
    void stop() {
        ixon.close();
    }

    @ParameterizedTest
    @CsvSource({"1,20,201", "1,21,504", "20,1,201", "21,1,504", "10,2,201", "7,3,504"})
    void countsEveryPointOfRequest(int sources, int queries, int status) throws Exception {
        String body = "[" + String.join(",", Collections.nCopies(sources, source(queries))) + "]";
        assertThat(caller.post("/data", body).status()).isEqualTo(status);
    }

    @Test
    void countsEveryPointOfExport() throws Exception {
        assertThat(caller.post("/data-export", source(20)).status()).isEqualTo(201);
        assertThat(caller.post("/data-export", source(21)).status()).isEqualTo(504);
    }

    private String source(int queries) {
        StringBuilder asked = new StringBuilder();
        for (int i = 0; i < queries; i++) {
            asked.append(i == 0 ? "" : ",").append("{\"ref\":\"r").append(i).append("\"}");
        }
        return "{\"source\":{\"publicId\":\"" + ixon.dataSourceId() + "\"},\"start\":\"2024-01-01T00:00:00Z\","
                + "\"end\":\"2024-01-01T00:03:00Z\",\"tags\":[{\"slug\":\"temp\",\"queries\":[" + asked + "]}]}";
    }
}
