package io.perennial.testsupport;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.images.ImagePullPolicy;
import org.testcontainers.utility.DockerImageName;

/**
 * Asks for an image once: left to Testcontainers, a registry that is out of reach is asked for minutes. By {@code
 * testcontainers.properties} it holds for the images that Testcontainers takes for itself too, so it must be public.
 */
public final class PullOnce implements ImagePullPolicy {

    /** Never says yes: what was absent is there when it answers. */
    @Override
    public boolean shouldPull(DockerImageName image) {
        String name = image.asCanonicalNameString();
        DockerClient engine = DockerClientFactory.instance().client();
        try {
            engine.inspectImageCmd(name).exec();
        } catch (NotFoundException absent) {
            pull(engine, name);
        }
        return false;
    }

    private static void pull(DockerClient engine, String name) {
        try {
            engine.pullImageCmd(name).start().awaitCompletion();
        } catch (DockerClientException | DockerException e) {
            throw new ContainerFetchException("the engine can not get " + name + ": " + ContainerEngine.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pulling " + name, e);
        }
    }
}
