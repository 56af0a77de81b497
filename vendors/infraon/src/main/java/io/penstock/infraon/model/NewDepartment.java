package io.penstock.infraon.model;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A department to be created (page "department").
 *
 * @param deptName the display name
 * @param deptHead a list, whose items are not documented
 * @param description the description
 * @param primeUser a list, whose items are not documented
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record NewDepartment(String deptName, List<?> deptHead, String description, List<?> primeUser) {

    /** Copies the lists. */
    public NewDepartment {
        deptHead = List.copyOf(deptHead);
        primeUser = List.copyOf(primeUser);
    }

    /** Creates a department without a head or users. */
    public static NewDepartment of(String deptName, String description) {
        return new NewDepartment(deptName, List.of(), description, List.of());
    }
}
