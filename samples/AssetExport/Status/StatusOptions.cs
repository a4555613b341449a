namespace AssetExport;

/// <summary>The status page: the section <c>Status</c> of the configuration.</summary>
internal sealed class StatusOptions
{
    /// <summary>Where the page listens. Default: <c>http://127.0.0.1:5081</c>.</summary>
    public string Url { get; set; } = "http://127.0.0.1:5081";

    /// <summary>The host names under which the page answers, apart from <c>localhost</c> and IP addresses. Default: none.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>The proxies that name the operator: IP addresses, and networks such as <c>10.0.0.0/8</c>. Default: none.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>The header in which they do. Default: <c>X-Forwarded-User</c>.</summary>
    public string OperatorHeader { get; set; } = "X-Forwarded-User";
}
