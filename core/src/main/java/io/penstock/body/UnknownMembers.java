package io.penstock.body;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import tools.jackson.core.Version;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * Says of every type that it ignores members it does not know, as the codec does anyway. Said of the type, the library
 * skips them; said of the mapper alone, it first copies each into a buffer of tokens, in case the constructor of a record
 * is still to be called: of a small record with three members more than it knows that made up a third of time and memory.
 * A type that collects what it does not know still does.
 */
final class UnknownMembers extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated type) {
        return JsonIgnoreProperties.Value.forIgnoreUnknown(true);
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }
}
