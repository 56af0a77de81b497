package io.penstock.test.simulator.infraon;

/** What a POST that creates something answers besides 201. */
public enum CreatedBody {
    /** A department nothing (page "department"); everything else the result object that the connector reads. */
    BY_RESOURCE,
    /** Nothing at all: "no response body" (the module pages). */
    EMPTY,
    /** The result object: {@code {"status":"success","id":…,"message":…,"msg":…,"data":{…}}}. */
    RESULT
}
