package io.penstock.test.simulator.picus;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** A mutable copy of the rules in which a {@code with…} method sets the one component that it changes. */
final class RulesDraft {

    Duration accessTokenLife;
    Duration refreshTokenLife;
    ExpireAt expireAt;
    RefreshResult refreshResult;
    String credentialHeader;
    Map<String, Integer> requestsPerMinute;
    int readsPerMinute;
    int writesPerMinute;
    Duration rateWindow;
    boolean retryAfter;
    ItemShape itemShape;
    NullableShape nullables;
    ErrorsMember errorsMember;
    boolean malformedErrors;
    String pageSizeParameter;
    int minimumPageSize;
    int pageMaximum;
    int createdStatus;
    int deletedStatus;
    boolean embeddedText;
    boolean correctSpelling;
    String installToken;
    int pollsToFinish;
    int simulationLicence;
    int listedItems;
    Clock clock;

    RulesDraft(PicusRules rules) {
        accessTokenLife = rules.accessTokenLife();
        refreshTokenLife = rules.refreshTokenLife();
        expireAt = rules.expireAt();
        refreshResult = rules.refreshResult();
        credentialHeader = rules.credentialHeader();
        requestsPerMinute = rules.requestsPerMinute();
        readsPerMinute = rules.readsPerMinute();
        writesPerMinute = rules.writesPerMinute();
        rateWindow = rules.rateWindow();
        retryAfter = rules.retryAfter();
        itemShape = rules.itemShape();
        nullables = rules.nullables();
        errorsMember = rules.errorsMember();
        malformedErrors = rules.malformedErrors();
        pageSizeParameter = rules.pageSizeParameter();
        minimumPageSize = rules.minimumPageSize();
        pageMaximum = rules.pageMaximum();
        createdStatus = rules.createdStatus();
        deletedStatus = rules.deletedStatus();
        embeddedText = rules.embeddedText();
        correctSpelling = rules.correctSpelling();
        installToken = rules.installToken();
        pollsToFinish = rules.pollsToFinish();
        simulationLicence = rules.simulationLicence();
        listedItems = rules.listedItems();
        clock = rules.clock();
    }

    PicusRules rules() {
        return new PicusRules(
                accessTokenLife,
                refreshTokenLife,
                expireAt,
                refreshResult,
                credentialHeader,
                requestsPerMinute,
                readsPerMinute,
                writesPerMinute,
                rateWindow,
                retryAfter,
                itemShape,
                nullables,
                errorsMember,
                malformedErrors,
                pageSizeParameter,
                minimumPageSize,
                pageMaximum,
                createdStatus,
                deletedStatus,
                embeddedText,
                correctSpelling,
                installToken,
                pollsToFinish,
                simulationLicence,
                listedItems,
                clock);
    }
}
