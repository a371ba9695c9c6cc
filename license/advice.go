package license

import "strings"

// What an operator can do about a failure stands here once for each of two readers: who reads
// a message of the function, and who is at a prompt, with the keys in the own environment.
// The function has no use for the latter, and does not link it.

// Advice says what is wrong and what to do, in a message. {action} stands for the action as
// CAM names it, "cwp:DescribeLicenseList".
func (f *Failure) Advice() Text {
	if role, isRole := roleAdvice[f.Kind]; isRole && f.Service == "sts" {
		return role
	}
	return advice[f.Kind]
}

// AdviceOfAccount is Advice where an account may be read with a role or keys of its own.
func (f *Failure) AdviceOfAccount() Text {
	isAskedWithOurs := f.Service == "sts" || f.Service == "organization"
	if f.Kind == FailureDenied && !isAskedWithOurs {
		return Text{"Allow {action} for the role, or the keys, that the account is read with.",
			"请为读取该账号所用的角色或密钥授予 {action} 权限"}
	}
	return f.Advice()
}

// PromptAdvice is what to say at a prompt.
type PromptAdvice struct {
	Cause string // what is wrong; empty where the fix says it
	Fix   string // what to do
}

// AdviceAtPrompt is what is wrong and what to do, at a prompt. It is no method: one that is
// exported the function would link.
func AdviceAtPrompt(f *Failure) PromptAdvice {
	said := prompts[f.Kind]
	switch {
	case f.Service != "sts":
	case f.Kind == FailureDenied:
		said = PromptAdvice{Fix: "allow sts:AssumeRole on the role to the owner of these keys, have the role trust their account, " +
			"and compare the external id; licensewatch policy --fleet prints all of it"}
	case f.Kind == FailureRole:
		said = PromptAdvice{Cause: "that account has no such role",
			Fix: "create it (licensewatch policy --fleet prints what it needs), or correct its name, or the " +
				"account's site, in the accounts file"}
	}
	said.Fix = strings.ReplaceAll(said.Fix, "{action}", f.Service+":"+f.Action)
	return said
}

// String is both in one clause.
func (a PromptAdvice) String() string {
	if a.Cause == "" {
		return a.Fix
	}
	return a.Cause + ": " + a.Fix
}

// roleAdvice is for an account whose role was not assumed. The API does not say which of
// the three it was that did not fit.
var roleAdvice = map[FailureKind]Text{
	FailureDenied: {
		"Allow sts:AssumeRole on that role for the function's role, and have the role trust this account, " +
			"with the external id of the accounts file.",
		"请为函数的运行角色授予扮演该角色（sts:AssumeRole）的权限，并让该角色信任本账号，外部 ID 与账号文件一致"},
	FailureRole: {
		"The role is not there: create it in the account, or correct its name in the accounts file.",
		"该账号下没有这个角色：请创建角色，或更正账号文件中的角色名"},
}

var advice = map[FailureKind]Text{
	FailureDenied: {"Allow {action} for the execution role.", "请为运行角色授予 {action} 权限"},
	FailureCredentials: {
		"The keys are missing or not accepted: give the function an execution role, or check the keys.",
		"密钥缺失或无效：请为函数配置运行角色，或检查密钥"},
	FailureClock: {
		"The time of the request was refused: set this machine's clock.",
		"请求时间未被接受：请校准本机时钟"},
	FailureRole: {
		"Container Security lacks its service role: open its console once and authorize it.",
		"容器安全缺少服务角色：请打开一次容器安全控制台完成授权"},
	FailureThrottled: {"Too many requests; the next run tries again.", "请求过于频繁，下次运行会再试"},
	FailureServer:    {"A fault at Tencent Cloud; the next run tries again.", "腾讯云侧故障，下次运行会再试"},
	FailureNetwork: {
		"Not reached: check the function's way out to the internet (VPC, NAT, public access).",
		"连接不上：请检查函数的公网出口（VPC、NAT、公网访问）"},
	FailureProxy: {
		"A proxy on the way did not let the request through: check HTTPS_PROXY (user name, password) and what " +
			"the proxy allows.",
		"请求被途中的代理拦下：请检查 HTTPS_PROXY（用户名、密码）和代理的放行规则"},
	FailureTimeout: {"No answer in time; the next run tries again.", "未在时限内应答，下次运行会再试"},
	FailureTLS: {
		"The TLS certificate was not accepted: look for a proxy, and check LICENSEWATCH_API_ENDPOINT.",
		"TLS 证书未通过校验：请检查代理和 LICENSEWATCH_API_ENDPOINT"},
	FailureRedirect: {
		"The host sent us elsewhere: check LICENSEWATCH_API_ENDPOINT, or look for a proxy.",
		"请求被重定向到别处：请检查 LICENSEWATCH_API_ENDPOINT 和代理"},
	FailureAnswer: {
		"Unexpected answer; if it stays so, check LICENSEWATCH_SITE and LICENSEWATCH_API_ENDPOINT.",
		"应答不合预期；若持续出现，请检查 LICENSEWATCH_SITE 和 LICENSEWATCH_API_ENDPOINT"},
	FailureRequest: {
		"The request was refused: check LICENSEWATCH_SITE, then report it with the request id.",
		"请求被拒绝：请检查 LICENSEWATCH_SITE，仍不行请附上请求编号反馈"},
	FailureInternal: {
		"A mistake of licensewatch itself: its log has the details.",
		"licensewatch 自身的错误，详见日志"},
}

var prompts = map[FailureKind]PromptAdvice{
	FailureDenied: {Fix: "allow {action} to the owner of these keys"},
	FailureCredentials: {Cause: "the keys are not accepted",
		Fix: "check TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, whether temporary keys have expired, " +
			"and LICENSEWATCH_SITE"},
	FailureClock: {Cause: "the time of the request was refused", Fix: "set this machine's clock"},
	FailureRole: {Cause: "Container Security lacks its service role",
		Fix: "open its console once and authorize it"},
	FailureThrottled: {Cause: "too many requests", Fix: "try again in a minute"},
	FailureServer:    {Cause: "a fault at Tencent Cloud", Fix: "try again later"},
	FailureNetwork:   {Cause: "not reached", Fix: "check the network, HTTPS_PROXY and LICENSEWATCH_API_ENDPOINT"},
	FailureProxy: {Cause: "a proxy on the way did not let it through",
		Fix: "check HTTPS_PROXY (user name, password), NO_PROXY and what the proxy allows"},
	FailureTimeout: {Cause: "no answer in time", Fix: "try again, and check the network and HTTPS_PROXY"},
	FailureTLS: {Cause: "the TLS certificate was not accepted",
		Fix: "look for a proxy, and check LICENSEWATCH_API_ENDPOINT"},
	FailureRedirect: {Cause: "the host sent us elsewhere",
		Fix: "check LICENSEWATCH_API_ENDPOINT, or look for a proxy"},
	FailureAnswer: {Cause: "the answer is not one of the API",
		Fix: "look for a proxy in between, and check LICENSEWATCH_SITE and LICENSEWATCH_API_ENDPOINT"},
	FailureRequest: {Cause: "the request was refused",
		Fix: "check LICENSEWATCH_SITE, then report it with the request id"},
	FailureInternal: {Cause: "a mistake of licensewatch itself", Fix: "please report it"},
}
