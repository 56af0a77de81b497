package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;

/** What an operation does; runs under the cloud's lock. */
interface Endpoint {

    SimulatedResponse answer(Call call);
}
