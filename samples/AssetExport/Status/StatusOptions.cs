namespace AssetExport;

/// <summary>The status page: the section <c>Status</c> of the configuration.</summary>
internal sealed class StatusOptions
{
    /// <summary>The URL of the page. Default: <c>http://127.0.0.1:5081</c>.</summary>
    public string Url { get; set; } = "http://127.0.0.1:5081";

    /// <summary>The allowed host names, in addition to <c>localhost</c> and IP addresses. Default: none.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>The proxies that specify the operator: IP addresses, and networks such as <c>10.0.0.0/8</c>. Default: none.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>The header in which the proxies specify the operator. Default: <c>X-Forwarded-User</c>.</summary>
    public string OperatorHeader { get; set; } = "X-Forwarded-User";
}
