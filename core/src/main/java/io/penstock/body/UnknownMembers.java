package io.penstock.body;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import tools.jackson.core.Version;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * An introspector that marks every type as ignoring unknown members, the codec's default anyway. If so, the library
 * skips such members. If only the mapper is configured so, the library first copies each into a token buffer, in case
 * the constructor of a record is still to be called. For a small record with three unknown members this took a third of
 * time and memory. A type that collects unknown members still does.
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
