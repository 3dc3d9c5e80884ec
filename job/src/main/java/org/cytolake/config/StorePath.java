package org.cytolake.config;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.config.CytolakeException.Code;

/** What users get wrong with paths on S3, told in their words. */
public final class StorePath {
  /** A user and a secret before the host; a secret of S3 may have slashes. Or one in a query. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(?<=^|=|,|\\[|\"|')(?:s3[an]?://[^/:@]*:.*@|[a-z][a-z0-9+.-]*://[^/:@]*:[^/@]*@"
              + "|[a-z][a-z0-9+.-]*://.*[?&](?:sig|signature|x-amz-[a-z-]+|se|token)=)");

  /**
   * Settings of Hadoop's S3 client by which one that gets no answer gives up after some 15 minutes:
   * 60 s a request, 3 requests, 5 times. Hadoop's own waits for more than two hours.
   */
  public static final Map<String, String> PATIENCE =
      Map.of(
          "fs.s3a.connection.timeout",
          "60s",
          "fs.s3a.attempts.maximum",
          "3",
          "fs.s3a.retry.limit",
          "4");

  private static final String GIVE_CREDENTIALS =
      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name what finds them:"
          + " --conf spark.hadoop.fs.s3a.aws.credentials.provider=CLASS (deploy/docs/s3.md).";

  private StorePath() {}

  /**
   * Refuses a key and a secret inside a path: paths are written to tables, logs and the report.
   *
   * @param option where the path was given
   * @throws CytolakeException USAGE, without the secret
   */
  public static void requireNoSecret(String path, String option) {
    if (SECRET.matcher(path).find()) {
      throw new CytolakeException(
          Code.USAGE,
          "The path given to " + option + " has a user's name or key and its secret in it.",
          "Leave them out (s3a://BUCKET/FOLDER, abfss://CONTAINER@ACCOUNT/FOLDER) and give them as"
              + " the store's settings (--conf spark.hadoop.fs...). For S3: "
              + GIVE_CREDENTIALS);
    }
  }

  /** An argument without the secret of a path in it. */
  public static String withoutSecret(String argument) {
    return SECRET.matcher(argument).find()
        ? argument.substring(0, argument.indexOf("://") + 3) + "***"
        : argument;
  }

  /**
   * The file system of a path.
   *
   * @param what the deed and its path that fails otherwise, a clause without a full stop
   * @throws CytolakeException USAGE where the path is on S3 and its client is not there
   */
  public static FileSystem fileSystem(String what, Path path, Configuration hadoop)
      throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (RuntimeException | LinkageError e) {
      Optional<CytolakeException> known = explain(what, e);
      if (known.isPresent()) {
        throw known.get();
      }
      throw e;
    }
  }

  /**
   * Turns what Hadoop's S3 client throws into an error with a remedy.
   *
   * @param what the failed deed and its path, a clause without a full stop
   * @return empty if the failure is of another kind
   */
  public static Optional<CytolakeException> explain(String what, Throwable cause) {
    boolean fromS3 = mentions(cause, "software.amazon.awssdk") || mentions(cause, "hadoop.fs.s3a");
    if (mentions(cause, "s3a.S3AFileSystem not found")
        || mentions(cause, "No FileSystem for scheme \"s3a\"")
        || mentions(cause, "software/amazon/awssdk")) {
      return wrong(
          what,
          "Hadoop's S3 client is not on the class path",
          "Start with deploy/bin/cytolake or deploy/bin/submit, or give spark-submit the packages"
              + " that deploy/docs/s3.md lists.",
          cause);
    }
    if (mentions(cause, "No FileSystem for scheme \"s3\"")
        || mentions(cause, "No FileSystem for scheme \"s3n\"")) {
      return wrong(what, "Hadoop knows S3 by the name s3a", "Write s3a://BUCKET/FOLDER.", cause);
    }
    if (!fromS3) {
      return Optional.empty();
    }
    if (mentions(cause, "UnknownStoreException") || mentions(cause, "NoSuchBucket")) {
      return wrong(
          what,
          "there is no such bucket",
          "Check its name; for a store that is not Amazon's also"
              + " --conf spark.hadoop.fs.s3a.endpoint=URL.",
          cause);
    }
    if (mentions(cause, "NoAuthWithAWS")
        || mentions(cause, "NoAwsCredentials")
        || mentions(cause, "Unable to load credentials")) {
      return wrong(what, "there are no credentials for S3", GIVE_CREDENTIALS, cause);
    }
    if (mentions(cause, "InvalidAccessKeyId")
        || mentions(cause, "SignatureDoesNotMatch")
        || mentions(cause, "ExpiredToken")
        || mentions(cause, "InvalidToken")) {
      return wrong(
          what, "the store does not accept the credentials, or no longer", GIVE_CREDENTIALS, cause);
    }
    if (mentions(cause, "AccessDenied") || mentions(cause, "Status Code: 403")) {
      return wrong(
          what,
          "access is denied",
          "Check the credentials, and give this account the rights s3:ListBucket and s3:GetObject"
              + " on inputs, and s3:PutObject and s3:DeleteObject too on the output.",
          cause);
    }
    if (mentions(cause, "AWSRedirect")
        || mentions(cause, "PermanentRedirect")
        || mentions(cause, "AuthorizationHeaderMalformed")) {
      return wrong(
          what,
          "the bucket is in another region",
          "Name it: --conf spark.hadoop.fs.s3a.endpoint.region=REGION.",
          cause);
    }
    if (mentions(cause, "Timeout") || mentions(cause, "timed out")) {
      return Optional.of(
          new CytolakeException(
              Code.FAILED,
              what + ": the store has not answered in time.",
              "Look whether it can be reached from here, and run the same command again. How long"
                  + " it is waited for: deploy/docs/s3.md.",
              cause));
    }
    return Optional.empty();
  }

  private static Optional<CytolakeException> wrong(
      String what, String reason, String remedy, Throwable cause) {
    return Optional.of(
        new CytolakeException(Code.USAGE, what + ": " + reason + ".", remedy, cause));
  }

  private static boolean mentions(Throwable cause, String text) {
    for (Throwable t = cause; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t.toString().contains(text)) {
        return true;
      }
    }
    return false;
  }
}
