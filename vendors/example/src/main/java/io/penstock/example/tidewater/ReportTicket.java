package io.penstock.example.tidewater;

/**
 * The answer to an order of a report.
 *
 * @param id the id of the report
 */
public record ReportTicket(String id) {}
