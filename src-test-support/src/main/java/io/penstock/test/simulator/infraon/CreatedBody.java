package io.penstock.test.simulator.infraon;

/** The body of a 201 that answers a POST. */
public enum CreatedBody {
    /**
     * No body for a department (page "department"), the result object that the connector reads for all other resources.
     */
    BY_RESOURCE,
    /** No body: "no response body" (the module pages). */
    EMPTY,
    /** The result object: {@code {"status":"success","id":…,"message":…,"msg":…,"data":{…}}}. */
    RESULT
}
