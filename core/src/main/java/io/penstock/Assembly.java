package io.penstock;

import io.penstock.envelope.Redaction;
import io.penstock.observe.CallLog;
import io.penstock.pipeline.Pipeline;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;

/**
 * What all calls of one client share.
 *
 * @param planning makes the plan of a request
 * @param pipeline sends it
 * @param scheduler clock and timer
 * @param exceptions the vendor's exception for a failure
 * @param log what is told of calls that have ended
 * @param secrets makes a server's text fit to be shown
 */
record Assembly(
        Planning planning,
        Pipeline pipeline,
        Scheduler scheduler,
        Function<Failure, ApiException> exceptions,
        CallLog log,
        Redaction secrets) {}
