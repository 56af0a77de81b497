package io.penstock.test.simulator.invicti;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** A mutable copy of {@link InvictiRules} in which a {@code with…} method sets the one component that it changes. */
final class RulesDraft {
    int requestsPerWindow;
    Duration rateWindow;
    QuotaSubject quotaSubject;
    boolean quotaHeaders;
    RetryHint retryHint;
    Duration retryAfter;
    ErrorShape errorShape;
    boolean requestIdInEveryError;
    KeyFormat keyFormat;
    String basePath;
    DastPrefix dastPrefix;
    IdForm idForm;
    TimestampForm timestampForm;
    Map<Listing, ListShape> listShapes;
    LastPage lastPage;
    ListFlaw listFlaw;
    int pageSizeLimit;
    CreateAnswer createAnswer;
    LocationForm locationForm;
    ScanAnswer scanAnswer;
    int pollsUntilDone;
    boolean capitalizedEnums;
    Clock clock;

    RulesDraft(InvictiRules rules) {
        requestsPerWindow = rules.requestsPerWindow();
        rateWindow = rules.rateWindow();
        quotaSubject = rules.quotaSubject();
        quotaHeaders = rules.quotaHeaders();
        retryHint = rules.retryHint();
        retryAfter = rules.retryAfter();
        errorShape = rules.errorShape();
        requestIdInEveryError = rules.requestIdInEveryError();
        keyFormat = rules.keyFormat();
        basePath = rules.basePath();
        dastPrefix = rules.dastPrefix();
        idForm = rules.idForm();
        timestampForm = rules.timestampForm();
        listShapes = rules.listShapes();
        lastPage = rules.lastPage();
        listFlaw = rules.listFlaw();
        pageSizeLimit = rules.pageSizeLimit();
        createAnswer = rules.createAnswer();
        locationForm = rules.locationForm();
        scanAnswer = rules.scanAnswer();
        pollsUntilDone = rules.pollsUntilDone();
        capitalizedEnums = rules.capitalizedEnums();
        clock = rules.clock();
    }

    InvictiRules rules() {
        return new InvictiRules(
                requestsPerWindow,
                rateWindow,
                quotaSubject,
                quotaHeaders,
                retryHint,
                retryAfter,
                errorShape,
                requestIdInEveryError,
                keyFormat,
                basePath,
                dastPrefix,
                idForm,
                timestampForm,
                listShapes,
                lastPage,
                listFlaw,
                pageSizeLimit,
                createAnswer,
                locationForm,
                scanAnswer,
                pollsUntilDone,
                capitalizedEnums,
                clock);
    }
}
