<?php
namespace Opencart\Catalog\Controller\Extension\OmsBridge;

/**
 * Runs before the shop's maintenance check and lets the bridge's own address through; every request there is signed.
 *
 * Output is held back from here on, because warnings of other extensions would otherwise be sent before our JSON.
 */
class Startup extends \Opencart\System\Engine\Controller
{
    public function index(): void
    {
        $route = isset($this->request->get['route']) ? $this->request->get['route'] : '';
        if ($route === 'extension/oms_bridge/api') {
            @ini_set('display_errors', '0');
            ob_start();
            $this->config->set('config_maintenance', 0);
        }
    }
}
