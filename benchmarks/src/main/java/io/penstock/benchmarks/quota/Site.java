package io.penstock.benchmarks.quota;

import io.penstock.ApiClientBuilder;

/** The way to a server: over a socket, or in virtual time. */
interface Site {

    Scenario scenario();

    Time time();

    /** Returns a builder of a Penstock client for this server, with defaults otherwise. */
    ApiClientBuilder penstock();

    /** Returns the bare wire for the other clients. */
    Wire wire();
}
