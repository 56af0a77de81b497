package io.penstock.example.tidewater;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.paging.Pages;
import io.penstock.polling.Poll;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The typed operations of Tidewater. */
public final class Tidewater {

    static final Payload<Station> STATION = Payload.json(Station.class);
    static final Payload<Page<Station>> STATIONS = TidewaterVendor.LIST.of(Station.class);
    static final Payload<Report> REPORT = Payload.json(Report.class);

    private final ApiClient client;

    private Tidewater(ApiClient client) {
        this.client = client;
    }

    /** Returns a builder for a client of Tidewater. Give the client to {@link #over}. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(TidewaterVendor.SPEC);
    }

    /** Returns Tidewater over the given client, which stays the caller's. */
    public static Tidewater over(ApiClient client) {
        return new Tidewater(client);
    }

    /** Fetches a station. */
    public Mono<Station> station(String id) {
        return client.value(ApiRequest.get("stations/{id}").path("id", id).as(STATION));
    }

    // guide: tidewaterEtag
    /** Fetches a station if it has changed since the response with that entity tag. */
    public Mono<ApiResponse<Station>> station(String id, String entityTag) {
        return client.execute(
                ApiRequest.get("stations/{id}").path("id", id).as(STATION).ifNoneMatch(entityTag));
    }
    // guide: end

    /** Reads all stations, page by page. */
    public Pages<Station> stations() {
        return client.pages(ApiRequest.get("stations").query("per_page", 2).as(STATIONS), TidewaterVendor.PAGES);
    }

    /** Orders a report. */
    public Mono<ReportTicket> orderReport(String station) {
        return client.value(
                ApiRequest.post("reports").body(Map.of("station", station)).as(ReportTicket.class));
    }

    // guide: tidewaterReport
    /** Polls a report until it is ready; until then Tidewater answers with 202. */
    public Poll<Report> report(String id) {
        return client.poll(Polling.whileAccepted(
                        ApiRequest.get("reports/{id}").path("id", id).as(REPORT))
                .every(Duration.ofSeconds(1))
                .within(Duration.ofMinutes(10)));
    }
    // guide: end
}
