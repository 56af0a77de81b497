package io.penstock.benchmarks.quota;

import io.penstock.ApiClientBuilder;

/** Where a client finds its server: over a socket, or in virtual time. */
interface Site {

    Scenario scenario();

    Time time();

    /** A Penstock client's builder, with nothing set but the way to this server. */
    ApiClientBuilder penstock();

    /** The bare wire for the others. */
    Wire wire();
}
