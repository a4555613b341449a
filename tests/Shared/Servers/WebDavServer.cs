namespace AssetExport.Demo;

/// <summary>Debian's Apache with mod_dav on the loopback interface, as a normal user, with a separate folder.</summary>
internal sealed class WebDavServer : IAsyncDisposable
{
    /// <summary>The server program, from Debian's package <c>apache2</c>.</summary>
    public const string Program = "/usr/sbin/apache2";

    public const string UserName = "export";
    public const string Password = "dav&secret";

    private readonly UserProgram _program;

    private WebDavServer(UserProgram program) => _program = program;

    public Uri Url => new($"http://127.0.0.1:{_program.Port}/dav/");

    /// <summary>The folder of the uploaded files.</summary>
    public string Files => Path.Combine(_program.Folder, "files");

    public string Log => File.Exists(Path.Combine(_program.Folder, "error.log")) ? File.ReadAllText(Path.Combine(_program.Folder, "error.log")) : _program.Log();

    public static async Task<WebDavServer> StartAsync()
    {
        string folder = UserProgram.CreateFolder("dav-");
        int port = UserProgram.FreePort();
        WebDavServer server = new(new UserProgram(folder, port, Program, "-D", "FOREGROUND", "-f", Path.Combine(folder, "config")));
        try
        {
            Directory.CreateDirectory(server.Files);
            string modules = string.Join('\n', new[] { "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "alias", "auth_basic", "dav", "dav_fs" }
                .Select(static module => $"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so"));
#pragma warning disable CA5350 // The form in which Apache reads a password without a program of its own.
            await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"{UserName}:{{SHA}}{Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(System.Text.Encoding.UTF8.GetBytes(Password)))}\n");
#pragma warning restore CA5350
            await File.WriteAllTextAsync(Path.Combine(folder, "config"), $"""
                ServerRoot {folder}
                ServerName localhost
                Listen 127.0.0.1:{port}
                PidFile {folder}/pid
                ErrorLog {folder}/error.log
                DefaultRuntimeDir {folder}
                DocumentRoot {server.Files}
                {modules}
                DavLockDB {folder}/locks
                Alias /dav {server.Files}
                <Location /dav>
                  Dav On
                  AuthType Basic
                  AuthName export
                  AuthUserFile {folder}/users
                  Require valid-user
                </Location>

                """);
            await UserProgram.OwnAsync(folder);
            await server._program.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task StartAgainAsync()
    {
        File.Delete(Path.Combine(_program.Folder, "pid"));
        return _program.StartAsync();
    }

    public Task KillAsync() => _program.KillAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
