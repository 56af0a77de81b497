package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;

/** The behavior of an operation. It runs under the cloud's lock. */
interface Endpoint {

    SimulatedResponse answer(Call call);
}
