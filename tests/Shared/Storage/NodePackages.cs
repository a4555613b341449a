using System.Diagnostics;

namespace AssetCompute.Client.StorageTests;

/// <summary>Installs npm packages for a folder with a <c>package.json</c>, once for the whole repository, and links them into the folder.</summary>
internal static class NodePackages
{
    /// <param name="folder">The folder next to the test assembly that contains the <c>package.json</c>.</param>
    /// <param name="cancellationToken">Cancels the installation.</param>
    public static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        string description = Path.Combine(folder, "package.json");
        string wanted = await File.ReadAllTextAsync(description, cancellationToken);
        string shared = SharedFolder(wanted);
        Directory.CreateDirectory(shared);

        // Test projects run concurrently.
        await using (await LockAsync(Path.Combine(shared, ".lock"), cancellationToken))
        {
            // This file is written last, so that an interrupted installation is repeated.
            string complete = Path.Combine(shared, ".complete");
            if (!File.Exists(complete) || await File.ReadAllTextAsync(complete, cancellationToken) != wanted)
            {
                File.Copy(description, Path.Combine(shared, "package.json"), overwrite: true);
                await RunNpmAsync(shared, cancellationToken);
                await File.WriteAllTextAsync(complete, wanted, cancellationToken);
            }

            string link = Path.Combine(folder, "node_modules");
            string modules = Path.Combine(shared, "node_modules");
            if (new DirectoryInfo(link).LinkTarget != modules)
            {
                if (Directory.Exists(link) || new FileInfo(link).LinkTarget is not null)
                {
                    Directory.Delete(link, recursive: new DirectoryInfo(link).LinkTarget is null);
                }

                Directory.CreateSymbolicLink(link, modules);
            }
        }
    }

    // tests/run.sh installs into the same folders before the tests run.
    private static string SharedFolder(string description)
    {
        string name = System.Text.Json.Nodes.JsonNode.Parse(description)!["name"]!.GetValue<string>();
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Directory.Packages.props")))
        {
            root = root.Parent;
        }

        return Path.Combine(root?.FullName ?? throw new InvalidOperationException($"'{AppContext.BaseDirectory}' is not in the repository."), "artifacts", "node", name);
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private static async Task RunNpmAsync(string folder, CancellationToken cancellationToken)
    {
        using Process npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            string[] output = await Task.WhenAll(npm.StandardOutput.ReadToEndAsync(cancellationToken), npm.StandardError.ReadToEndAsync(cancellationToken));
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException($"npm failed: {string.Concat(output)}");
            }
        }
        finally
        {
            if (!npm.HasExited)
            {
                npm.Kill(entireProcessTree: true);
            }
        }
    }
}
