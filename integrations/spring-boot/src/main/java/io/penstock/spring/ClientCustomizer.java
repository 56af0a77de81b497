package io.penstock.spring;

import io.penstock.ApiClientBuilder;

/** A callback for settings that have no property. Beans of this type are called for each client, in their order. */
@FunctionalInterface
public interface ClientCustomizer {

    /**
     * Changes the builder of a client, after its properties were applied.
     *
     * @param name the name of the client, as in {@code penstock.clients.<name>}
     */
    void customize(String name, ApiClientBuilder builder);
}
